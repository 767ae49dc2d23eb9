def main(arguments):
    import argparse
    argparse.ArgumentParser(prog="cvhelpers kit").parse_args(arguments); return 0
