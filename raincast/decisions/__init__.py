"""What is done about quality: the verdict, the watermark, the remedies."""
