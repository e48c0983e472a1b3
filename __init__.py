"""calltone: were your agents empathetic, in both words and tone?"""
