"""Who may, why, until when: people, programme, policy pack, requests and their rules."""
