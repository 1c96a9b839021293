#!/bin/bash
# Gradescope runs this once, when it makes the image of the autograder.
set -eu
cd /autograder/source
tar -xzf grader.tar.gz
make --no-print-directory setup-build
