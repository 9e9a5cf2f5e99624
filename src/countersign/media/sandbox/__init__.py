"""Where hostile bytes become pixels: a process of its own that can reach nothing (design: threat model, P9 to P11).

`decoder` is what the rest of the program calls. It hands the bytes to a *warm* process, which holds the decoders and
nothing else; that one forks a child for each file (for a batch of files in bulk work), the child locks itself down and
decodes, and only sizes and pixels come back, through a pipe and a strict parser.
"""
