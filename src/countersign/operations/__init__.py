"""What can be done: authorise, do, record, commit; one public function a module."""
