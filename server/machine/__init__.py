"""The server on a machine: its worker, its sockets, its folders."""
