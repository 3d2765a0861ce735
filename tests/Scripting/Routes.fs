/// Functions whose targets can be read from compiled code, each written in a different way. They are compiled with this project, which is
/// optimised, and as a script, which is not.
module GopherFlow.Scripting.Tests.Routes

open System
open System.Threading.Tasks
open GopherFlow.Authoring
open GopherFlow.FSharp

[<Literal>]
let Constant = "A"

let value = "B"

let plain (_: Step) = goto "A"

let literal (_: Step) = goto Constant

let named (_: Step) = goto value

let branches (step: Step) =
    if step.Attempt = 1 then goto "A" else goto "B"

let chosen (step: Step) =
    goto (if step.Attempt = 1 then "A" else "B")

/// The other strings are not targets, wherever the compiler stores them.
let matched (step: Step) =
    let kind = step.Vars.TryText "kind" |> Option.defaultValue "none"
    step.Vars["label"] <- "label " + kind

    let next =
        match kind with
        | "x" -> "A"
        | other when other.Length > 3 -> "B"
        | _ -> "C"

    step.Vars["next"] <- next
    goto next |> log $"goes to {next}"

let deadline (_: Step) = goto "A" |> orAfter (days 1) "B"

let instant (step: Step) =
    waitFor [ "x" ] "A" |> orAt (step.Now.AddDays 1.) "B"

let undoing (_: Step) = compensate "A"

let ofTheEngine (_: Step) =
    NextState.WaitFor("x").OrAfter(TimeSpan.FromDays 1., "B").Then("A").Log "C"

let tasked (step: Step) =
    task {
        let! children = step.Children()
        let next = if children.IsEmpty then "A" else "B"
        do! Task.Yield()

        match step.Vars.TryText "c" with
        | Some _ -> return goto "C"
        | None -> return goto next
    }

let asynced (step: Step) =
    async {
        let next = if step.Attempt = 1 then "A" else "B"
        do! Async.Sleep 1
        return goto next
    }

let tried (step: Step) =
    let mutable next = "A"

    try
        next <- "B"
        step.Vars.Set("n", int step.Vars["m"])
        next <- "C"
    with _ ->
        step.Vars["failed"] <- "yes"

    goto next

let looped (step: Step) =
    let mutable next = goto "A"

    for name in step.Vars.Names do
        if name = "b" then
            next <- goto "B"

    next

let finishing (target: string) (step: Step) =
    step.Vars["finishing"] <- "yes"
    goto target

let helped (step: Step) = finishing "A" step

let audited (inner: Step -> NextState) (step: Step) =
    step.Vars["audited"] <- "yes"
    inner step

let given (next: NextState) (_: Step) = next

let local (step: Step) =
    let go target = goto target |> log step.BusinessKey

    if step.Attempt = 1 then go "A" else go "B"

let recursive (step: Step) =
    let rec look count =
        if count = 0 then goto "A"
        elif step.Vars.Contains $"{count}" then goto "B"
        else look (count - 1)

    look 3

let inList (step: Step) =
    [ goto "A"; goto "B" ] |> List.item step.Attempt

let ofEach (step: Step) =
    step.Vars.Names
    |> List.map (fun name -> if name = "x" then goto "A" else goto "B")
    |> List.head

let twice (make: unit -> 'made) =
    make () |> ignore
    make ()

let generic (_: Step) = twice (fun () -> goto "A")

let decide (_: Step) (yes: bool) = if yes then goto "A" else goto "B"

let workflow =
    workflow "Routes" {
        start "Start" plain [
            "plain"
            "literal"
            "named"
            "branches"
            "chosen"
            "matched"
            "deadline"
            "instant"
            "undoing"
            "ofTheEngine"
            "tasked"
            "asynced"
            "tried"
            "looped"
            "lambda"
            "helped"
            "finishing"
            "audited"
            "composed"
            "given"
            "local"
            "recursive"
            "inList"
            "ofEach"
            "generic"
            "decide"
            "more"
        ]

        state "plain" plain
        state "literal" literal
        state "named" named
        state "branches" branches
        state "chosen" chosen
        state "matched" matched
        state "deadline" deadline
        state "instant" instant
        state "undoing" undoing
        state "ofTheEngine" ofTheEngine
        state "tasked" tasked [ timeout (seconds 1) ]
        state "asynced" asynced [ timeout (seconds 1) ]
        state "tried" tried [ timeout (seconds 1) ]
        state "looped" looped
        state "lambda" (fun (_: Step) -> goto "A")
        state "helped" helped
        state "finishing" (finishing "C")
        state "audited" (audited (finishing "B"))
        state "composed" (plain >> log "and more")
        state "given" (given (goto "C" |> orAfter (days 1) "A"))
        state "local" local
        state "recursive" recursive
        state "inList" inList
        state "ofEach" ofEach
        state "generic" generic
        manual "decide" decide
        state "more" plain [ "B" ]
        error "C"
        finish "B"
        finish "A"
    }
