from raincast.cli import main

main()
