"""What the pages show, as typed values: words, shapes and places, from what storage keeps."""
