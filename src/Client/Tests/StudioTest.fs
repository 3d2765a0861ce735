module GopherFlow.Client.Tests.StudioTest

open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Diagram
open GopherFlow.Client.Pages
open GopherFlow.Client.Pages.Studio
open GopherFlow.Client.Pages.Studio.Model
open GopherFlow.Client.Tests.Samples
open GopherFlow.Client.Tests.Vitest

let private text =
    """open GopherFlow.FSharp

[<Literal>]
let Done = "Done"

let ask (step: Step) =
    step.Vars.Set("asked", true)
    let ask = step.Vars.Get<bool> "paid"
    goto "Decide"

let decide target (step: Step) =
    goto target

let workflow =
    workflow "Loan" {
        start "Ask" ask
        state "Decide" (decide "Done") [ Done ]
        state "Refuse" (decide "Done") [ Done ]
        finish Done
    }
"""

let private places = Places.ofText text

test "each state has its line, including one named by a literal" (fun () ->
    equal
        [ "Ask", 16; "Decide", 17; "Refuse", 18; "Done", 19 ]
        (places |> List.map (fun place -> place.State, place.Line)))

test "a line of a function or declaration belongs to its state, other lines to none" (fun () ->
    equal (Some "Ask") (Places.stateAt 8 places)
    equal (Some "Decide") (Places.stateAt 12 places)
    equal (Some "Refuse") (Places.stateAt 18 places)
    equal None (Places.stateAt 4 places)
    equal None (Places.stateAt 10 places))

test "a state is at its own function, else at its declaration" (fun () ->
    equal (Some 6) (Places.lineOf "Ask" places)
    equal (Some 17) (Places.lineOf "Decide" places)
    equal (Some 19) (Places.lineOf "Done" places)
    equal None (Places.lineOf "Nowhere" places))

let private offered (line: string) =
    let whole = text + line

    Completions.suggest whole whole.Length false
    |> Option.map (fun found -> found.Items |> List.map _.Label)
    |> Option.defaultValue []

test "state names are suggested in quotes" (fun () ->
    let states = [ "Ask"; "Decide"; "Refuse"; "Done" ]
    equal states (offered "    goto \"")
    equal states (offered "    waitFor [ \"paid\" ] \"De")
    equal states (offered "    goto \"Ask\" |> orAfter (days 3) \"")
    isTrue "targets" (offered "        state \"New\" decide [ \"Done\"; \"" |> List.contains "Decide")
    equal [] (offered "    log \"De"))

test "variable names are suggested" (fun () ->
    equal [ "asked"; "paid" ] (offered "    step.Vars[\"")
    equal [ "asked"; "paid" ] (offered "    step.Vars.Get<decimal> \"p")
    equal [ "asked"; "paid" ] (offered "    vars.GetOr(\""))

test "members are suggested after a dot, and names of the script and the library elsewhere" (fun () ->
    isTrue "Vars" (offered "    step." |> List.contains "Vars")
    isTrue "TryGet" (offered "    step.Vars.Tr" |> List.contains "TryGet")
    equal [] (offered "    other.")
    isTrue "goto" (offered "    go" |> List.contains "goto")
    isTrue "decide" (offered "    de" |> List.contains "decide")
    equal [] (offered "    // go"))

let private faultAt text =
    JsonText.fault text |> Option.map (fun fault -> fault.At.Line, fault.At.Column)

test "valid variables are an object or empty" (fun () ->
    equal None (faultAt "")
    equal None (faultAt " {} ")
    equal None (faultAt """{ "a": [1, -2.5e3, { "b": null }], "c\"": "x\n" }"""))

test "an error in the variables has its line and column" (fun () ->
    equal (Some(1, 1)) (faultAt "[1]")
    equal (Some(2, 8)) (faultAt "{\n  \"a\": x\n}")
    equal (Some(2, 3)) (faultAt "{ \"a\": 1\n  \"b\": 2 }")
    equal (Some(1, 9)) (faultAt "{ \"a\": 1")
    equal (Some(1, 10)) (faultAt "{ \"a\": 1,}")
    equal (Some(1, 8)) (faultAt "{ \"a\": \"x }")
    equal (Some(1, 4)) (faultAt "{} 1"))

test "an invalid JSON escape is an error, and so is a tab within a string" (fun () ->
    equal (Some(1, 9)) (faultAt """{"f":"C:\Users"}""")
    equal (Some(1, 7)) (faultAt """{"f":"\u12G4"}""")
    equal (Some(1, 8)) (faultAt "{\"f\":\"a\tb\"}")

    let sound = """{"f":"\u00e4 \\ \/ \" \t","n":1234567890123456789}"""
    equal None (faultAt sound)
    isTrue "read" (JsonText.tryRead sound).IsSome
    isTrue "empty" (JsonText.tryRead "  ").IsSome
    isTrue "not JSON" (JsonText.tryRead """{"f":"\U"}""").IsNone)

let private compared older newer =
    LineDifferences.between older newer
    |> List.map (fun line -> line.Kind, line.OldLine, line.NewLine, line.Text)

test "texts are compared line by line" (fun () ->
    equal
        [
            "same", Some 1, Some 1, "a"
            "removed", Some 2, None, "b"
            "added", None, Some 2, "x"
            "same", Some 3, Some 3, "c"
            "added", None, Some 4, "y"
            "same", Some 4, Some 5, "d"
        ]
        (compared "a\nb\nc\nd" "a\nx\nc\ny\nd")

    equal [ "same", Some 1, Some 1, "a"; "added", None, Some 2, "a" ] (compared "a" "a\na"))

let private version name current : ScriptVersion = {
    Version = name
    Origin = "api"
    Author = "admin"
    Created = noon
    Unfinished = 0.0
    Registered = true
    Current = current
}

let private details current versions : ScriptDetails = {
    Name = "Loan"
    CurrentVersion = current
    Enabled = true
    Updated = noon
    Unfinished = 0.0
    Refused = None
    Source = current |> Option.map (fun version -> $"source {version}")
    Loaded = []
    Versions = versions
}

test "the current version is compared with the one before it" (fun () ->
    equal
        ("b", "c")
        (ChangesPanel.likelyPair (details (Some "c") [ version "c" true; version "b" false; version "a" false ]))

    equal ("c", "a") (ChangesPanel.likelyPair (details (Some "a") [ version "c" false; version "a" true ]))
    equal ("", "a") (ChangesPanel.likelyPair (details (Some "a") [ version "a" true ])))

let private current name =
    details (Some name) [ version name true ]

let private later = Instant.add 60000.0 noon
let private opened = init "Loan" true (Some(current "a")) None noon |> fst

/// The model after the messages, and the effects of the last message.
let private after (messages: Msg list) (model: Model) : Model * Effect list =
    messages
    |> List.fold (fun (model, _) message -> Update.update message model) (model, [])

let private typed (text: string) = Edited(text, later)

test "the studio opens the current source and checks it" (fun () ->
    let model, effects = init "Loan" true (Some(current "a")) None noon
    equal "source a" model.Source
    equal [ ReadMachine "a"; Pause 0 ] effects
    isTrue "not changed" (not (isChanged model))
    equal [ ReadMachine "a" ] (init "Loan" false (Some(current "a")) None noon |> snd))

test "a new script begins with a workflow of its name" (fun () ->
    let model, effects = init "Loan" true None None noon
    isTrue "named" (model.Source.Contains "workflow \"Loan\"")
    equal [ Pause 0 ] effects)

test "a draft is restored, with the time it was saved" (fun () ->
    let kept: Drafts.Draft = {
        Source = "mine"
        Base = Some "a"
        Begun = noon
        Saved = later
    }

    let model, _ = init "Loan" true (Some(current "a")) (Some kept) later
    equal "mine" model.Source
    equal (Some later) model.Restored
    isTrue "not overtaken" (overtakenBy model).IsNone
    let model, _ = init "Loan" true (Some(current "b")) (Some kept) later
    equal (Some "b") (overtakenBy model |> Option.map _.Version)
    equal "source a" (init "Loan" false (Some(current "a")) (Some kept) later |> fst).Source)

test "typed text is stored and checked after a pause, but the original text is no draft" (fun () ->
    let model, effects = opened |> after [ typed "mine" ]

    match effects with
    | [ Keep(draft, None); Pause 1 ] ->
        equal "mine" draft.Source
        equal (Some "a") draft.Base
    | other -> failwithf "%A" other

    let kept, _ = model |> after [ DraftKept("mine", Drafts.Stored) ]
    equal [ Forget(Some "mine"); Pause 2 ] (kept |> after [ typed "source a" ] |> snd))

test "a tab deletes only a draft that it has stored or found" (fun () ->
    // Another tab may have a draft of the same script.
    equal [ Forget None; ReadMachine "b"; Pause 1 ] (opened |> after [ Read(current "b") ] |> snd)

    let kept: Drafts.Draft = {
        Source = "mine"
        Base = Some "a"
        Begun = noon
        Saved = later
    }

    let model, effects = init "Loan" true (Some(current "a")) (Some kept) later
    equal [ ReadMachine "a"; Keep(kept, Some "mine"); Pause 0 ] effects

    match model |> after [ typed "mine 2" ] with
    | _, [ Keep(draft, before); Pause 1 ] -> equal ("mine 2", Some "mine") (draft.Source, before)
    | other -> failwithf "%A" other

    equal (Forget(Some "mine")) (model |> after [ Discard ] |> snd |> List.head))

test "a warning is shown while the text could not be stored" (fun () ->
    let model, _ =
        opened |> after [ typed "mine"; DraftKept("mine", Drafts.OthersStored) ]

    isTrue "a warning is shown" (isUnkept model)
    equal None model.Stored
    isTrue "stored later" (not (isUnkept (model |> after [ DraftKept("mine", Drafts.Stored) ] |> fst)))
    isTrue "discarded" (not (isUnkept (model |> after [ Discard ] |> fst))))

test "only the latest text is checked, one check at a time" (fun () ->
    equal [] (opened |> after [ typed "x"; typed "xy"; CheckDue 1 ] |> snd)
    let model, effects = opened |> after [ typed "x"; typed "xy"; CheckDue 2 ]
    equal [ Check(2, "xy") ] effects
    equal [] (model |> after [ typed "xyz"; CheckDue 3 ] |> snd)

    equal [ Check(3, "xyz") ] (model |> after [ typed "xyz"; CheckDue 3; Checked(2, Error "late") ] |> snd))

let private fault: Diagnostic = {
    File = "Loan.fsx"
    Line = 2
    Column = 1
    EndLine = 2
    EndColumn = 4
    Severity = "error"
    Code = "FS0001"
    Text = "wrong"
}

let private found diagnostics definition =
    Ok {
        Version = "x"
        Diagnostics = diagnostics
        Definition = definition
    }

test "the diagram follows text without errors, and stays unchanged while there are errors" (fun () ->
    let model, _ =
        opened |> after [ typed "x"; CheckDue 1; Checked(1, found [] (Some parent)) ]

    equal (Some parent) model.Machine
    isTrue "checked" (isChecked model)

    let model, _ =
        model
        |> after [ typed "xy"; CheckDue 2; Checked(2, found [ fault ] (Some order)) ]

    equal (Some parent) model.Machine
    equal 1 (faults model)

    let model, _ =
        model |> after [ typed "xyz"; CheckDue 3; Checked(3, found [] (Some order)) ]

    equal (Some order) model.Machine)

test "an identical state machine in another version stays the same object" (fun () ->
    let next = { parent with Version = "2" }

    let model, _ =
        opened
        |> after [ MachineRead parent; typed "x"; CheckDue 1; Checked(1, found [] (Some next)) ]

    equal "1" model.Machine.Value.Version)

test "an unedited text follows the server, an edited one is not changed" (fun () ->
    let model, effects = opened |> after [ Read(current "b") ]
    equal "source b" model.Source
    equal 1 model.Round
    equal [ Forget None; ReadMachine "b"; Pause 1 ] effects

    let model, effects = opened |> after [ typed "mine"; Read(current "b") ]
    equal "mine" model.Source
    equal [] effects
    equal (Some "b") (overtakenBy model |> Option.map _.Version)

    isTrue
        "who"
        ((overtakenText
            {
                model with
                    Begun = Instant.add -1.0 noon
            }
            "b")
            .StartsWith
            "admin deployed version b")

    isTrue "when" ((overtakenText model "b").StartsWith "Version b became current")

    equal "source b" (model |> after [ TakeTheirs ] |> fst).Source
    let kept, _ = model |> after [ KeepMine later ]
    equal "mine" kept.Source
    isTrue "settled" (overtakenBy kept).IsNone)

test "a text is deployed after a confirmation" (fun () ->
    let model, effects = opened |> after [ typed "mine"; AskDeploy ]
    equal Asking model.Deploying
    equal [] effects
    let sending, effects = model |> after [ Deploy ]
    equal [ Send "mine" ] effects

    // The event arrives before the response.
    let early, _ = sending |> after [ Read(details (Some "m") [ version "m" true ]) ]
    isTrue "not overtaken by itself" (overtakenBy early).IsNone

    let answer =
        Ok {
            Version = "m"
            Changed = true
            InEffect = true
        }

    let model, effects =
        sending
        |> after [ DraftKept("mine", Drafts.Stored); DeployEnded("mine", answer) ]

    equal [ Forget(Some "mine") ] effects
    isTrue "deployed" (not (isChanged model))
    isTrue "a note is shown" (model.Note.Value.Text.StartsWith "Version m is deployed.")
    isTrue "not overtaken" (overtakenBy model).IsNone)

test "a deployment that is not in effect yet shows a note" (fun () ->
    let answer =
        Ok {
            Version = "m"
            Changed = true
            InEffect = false
        }

    let model, _ =
        opened |> after [ typed "mine"; AskDeploy; Deploy; DeployEnded("mine", answer) ]

    isTrue "a note is shown" (model.Note.Value.Text.StartsWith "Version m is deployed, but")
    isTrue "deployed" (not (isChanged model)))

test "a refused deployment shows the reason and keeps the text" (fun () ->
    let model, _ =
        opened
        |> after [ typed "mine"; AskDeploy; Deploy; DeployEnded("mine", Error "no") ]

    equal Idle model.Deploying
    equal (Some "Not deployed. no") (model.Note |> Option.map _.Text)
    equal "mine" model.Source)

test "a text that cannot be deployed has a reason" (fun () ->
    equal (Some "This source is the current version.") (undeployable opened)
    equal None (undeployable (opened |> after [ typed "x" ] |> fst))

    equal
        (Some "The source has 1 fault.")
        (opened
         |> after [ typed "x"; CheckDue 1; Checked(1, found [ fault ] None) ]
         |> fst
         |> undeployable)

    isTrue "not an admin" (undeployable { opened with Admin = false }).IsSome
    equal Idle (opened |> after [ AskDeploy ] |> fst).Deploying)

test "selecting a state on the diagram goes to its line, every time" (fun () ->
    let model, _ = opened |> after [ typed text; Select "Decide" ]
    equal (Some(1, 17)) (model.GoTo |> Option.map (fun (round, place) -> round, place.Line))
    equal (Some 2) (model |> after [ Select "Ask" ] |> fst |> _.GoTo |> Option.map fst))

let private trialStep state next : TrialStep = {
    WorkflowId = 1.0
    WorkflowType = "Loan"
    State = state
    Attempt = 1
    At = noon
    NextState = next
    Status = "IN_PROGRESS"
    StateVars = Fable.Core.JS.JSON.parse "{\"a\":1}"
    Outcome = []
    Log = []
    Children = []
    WaitsUntil = None
    SkippedSeconds = None
    Error = None
}

let private failed = {
    trialStep "ParentSpawnChildren" "ParentSpawnChildren" with
        Error =
            Some {
                Text = "boo"
                File = None
                Line = None
                Detail = ""
            }
}

let private sampleTrial: Trial = {
    Steps = [
        trialStep "ParentInit" "ParentSpawnChildren"
        failed
        {
            trialStep "Other" "Else" with
                WorkflowId = 2.0
        }
        {
            trialStep "ParentSpawnChildren" "ParentWaitForChildren" with
                SkippedSeconds = Some 90.0
        }
    ]
    State = "ParentWaitForChildren"
    Status = "IN_PROGRESS"
    StateVars = Fable.Core.JS.JSON.parse "{}"
    Ended = "stepLimit"
    Reason = "enough"
    VirtualSeconds = 90.0
}

let private tried model =
    let result: Tried = {
        Source = model.Source
        Given = "{}"
        Answer =
            Ok {
                Diagnostics = []
                Trial = Some sampleTrial
            }
    }

    model |> after [ TryIt; TrialEnded result ] |> fst

test "a trial uses the current text and variables, and shows its last step" (fun () ->
    equal [ RunTrial("source a", "{\"b\":2}") ] (opened |> after [ SetVariables "{\"b\":2}"; TryIt ] |> snd)
    equal [] (opened |> after [ SetVariables "{"; TryIt ] |> snd)
    let model = tried opened
    equal 3 model.Trying.Step
    isTrue "shown" (trial model).IsSome
    isTrue "of another text" (trial (model |> after [ typed "x" ] |> fst)).IsNone)

test "playing starts over at the end, and stops at the end" (fun () ->
    let playing, _ = tried opened |> after [ Play true ]
    equal (0, true) (playing.Trying.Step, playing.Trying.Playing)
    let over, _ = playing |> after [ PlayOn; PlayOn; PlayOn; PlayOn ]
    equal (3, false) (over.Trying.Step, over.Trying.Playing))

test "a step of a trial is drawn with the path to it, for its own workflow" (fun () ->
    let graph = Graph.ofDefinition parent

    let phases index =
        (TrialRun.picture graph sampleTrial index).States
        |> List.map (fun view -> view.Name, view.Phase, view.Retries)

    equal
        [
            "ParentInit", Picture.Visited, 0
            "ParentSpawnChildren", Picture.Visited, 1
            "ParentWaitForChildren", Picture.Current, 0
            "ParentFinish", Picture.Next, 0
        ]
        (phases 3)

    equal ("ParentSpawnChildren", Picture.Current, 1) (phases 1 |> List.item 1))

test "a trial shows the skipped waits and the variables that a step changed" (fun () ->
    equal (Some "waits 1 min 30 s, skipped") (TrialRun.wait sampleTrial.Steps[3])
    equal [ "a", "1" ] (TrialRun.changed [] sampleTrial 0)
    equal [] (TrialRun.changed [ "a", "1" ] sampleTrial 0)
    equal [] (TrialRun.changed [] sampleTrial 1))

test "the list contains drafts of scripts that are not on the server" (fun () ->
    let script: Script = {
        Name = "Loan"
        CurrentVersion = None
        Enabled = true
        Updated = noon
        Unfinished = 0.0
        Refused = None
    }

    equal [ "Again"; "Loan"; "Next" ] (Aside.names "Next" [ "Again"; "Loan" ] [ script ] |> List.map fst))

test "a new script needs a valid and unused name" (fun () ->
    equal None (NewScript.fault [ "Loan" ] "Loan2")
    isTrue "taken" (NewScript.fault [ "Loan" ] "Loan").IsSome
    isTrue "invalid" (NewScript.fault [] "2Loan").IsSome)
