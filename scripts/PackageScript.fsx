// Shows a child workflow (of OrderScript) that returns a result to its parent.
open GopherFlow.FSharp

type Article = { Name: string }

let pack (step: Step) =
    goto "Packed" |> returning (100 + step.Vars["name"].Length)

let workflow =
    workflow "PackageScript" {
        description "Packs one article, and returns the weight of the package"
        input typeof<Article>
        output typeof<int>
        start "Pack" pack
        finish "Packed"
    }
