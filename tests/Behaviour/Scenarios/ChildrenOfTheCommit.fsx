open GopherFlow.FSharp

let own =
    child "QuickChild" "own"
    |> withExternalId "mine"
    |> inGroup "default"
    |> withPriority 1
    |> withVar "a" "text"
    |> withVar "b" [ 1; 2 ]

let work (_: Step) =
    goto "Done" |> spawn (child "QuickChild" "heir") |> spawnAll [ own ]

let workflow =
    workflow "ChildrenOfTheCommit" {
        start "Work" work [ "Done" ]
        finish "Done"
    }
