"""What of the desk a sheet of paper shows; loaded when one is drawn, since matplotlib takes a second."""
