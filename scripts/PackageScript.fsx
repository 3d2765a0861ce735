// Shows a child workflow (of OrderScript) that gives its parent a result.
open GopherFlow.FSharp

type Article = { Name: string }

let pack (step: Step) =
    goto "Packed" |> returning (100 + step.Vars["name"].Length)

let workflow =
    workflow "PackageScript" {
        description "Packs one article, and says what the package weighs"
        input typeof<Article>
        output typeof<int>
        start "Pack" pack
        finish "Packed"
    }
