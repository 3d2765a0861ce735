module GopherFlow.Client.Tests.FormsTest

open Fable.Core
open GopherFlow.Client.Tests.Vitest
open GopherFlow.Client.Api
open GopherFlow.Client.Parts
open GopherFlow.Client.Pages
open GopherFlow.Client.Pages.Workflow

let private isRefused =
    function
    | Ok _ -> false
    | Error _ -> true

test "variables must be a JSON object" (fun () ->
    equal (Ok """{"a":1}""") (Start.Update.readVariables """ { "a": 1 } """ |> Result.map JS.JSON.stringify)
    equal (Ok "{}") (Start.Update.readVariables "  " |> Result.map JS.JSON.stringify)
    isTrue "not a list" (isRefused (Start.Update.readVariables "[1]"))
    isTrue "not text" (isRefused (Start.Update.readVariables "\"a\""))
    isTrue "not broken JSON" (isRefused (Start.Update.readVariables "{ a: 1")))

let private draft: Start.Model.Draft = {
    ExternalId = "x"
    BusinessKey = "k"
    Priority = "5"
    Group = "default"
    Variables = "{}"
    NextActivation = ""
}

test "a valid draft has no errors" (fun () ->
    equal
        {
            Start.Model.Faults.ExternalId = None
            Start.Model.Faults.BusinessKey = None
            Start.Model.Faults.Group = None
            Start.Model.Faults.Variables = None
        }
        (Start.Update.check draft))

test "missing and invalid values are errors of their fields" (fun () ->
    let faults =
        Start.Update.check {
            draft with
                ExternalId = " "
                Group = ""
                Variables = "{"
        }

    isTrue "external id" faults.ExternalId.IsSome
    isTrue "group" faults.Group.IsSome
    isTrue "variables" faults.Variables.IsSome)

test "a variable is sent as text or as a JSON value" (fun () ->
    let sent isJson text =
        VariableEdit.parseValue isJson text |> Result.map JS.JSON.stringify

    equal (Ok "\"33\"") (sent false "33")
    equal (Ok "33") (sent true "33")
    isTrue "broken JSON is refused" (isRefused (sent true "{")))

test "a number with many digits is shown and sent unchanged" (fun () ->
    let text = """{"id":1234567890123456789}"""
    equal (Ok text) (Start.Update.readVariables text |> Result.map Json.write)
    equal (Ok "1234567890123456789") (VariableEdit.parseValue true "1234567890123456789" |> Result.map Json.write)

    match Json.tryParse text with
    | Some value ->
        equal "{\n  \"id\": 1234567890123456789\n}" (VariableEdit.textOf value)
        isTrue "the same" (VariableEdit.same (Some value) (Json.tryParse text))
        isTrue "another" (not (VariableEdit.same (Some value) (Json.tryParse (text.Replace("789", "788")))))
    | None -> failwith "it is JSON")

test "a text variable is shown as plain text, any other as JSON" (fun () ->
    equal "33" (VariableEdit.textOf "33")
    equal "33" (VariableEdit.textOf 33)
    equal "null" (VariableEdit.textOf null))

test "a JSON error has its line and column" (fun () ->
    let place text =
        Start.JsonPlace.tryFind text
        |> Option.map (fun fault -> fault.Line, fault.Column, fault.Expected)

    equal None (place """ { "a": [1, -2.5e3, "x\\n", true, null, {}, []], "b": "" } """)
    equal (Some(2, 8, "a value")) (place "{ \"a\": 1,\n  \"b\": tru }")
    equal (Some(1, 3, "a name in double quotes")) (place "{ a: 1 }")
    equal (Some(1, 8, "a comma, or }")) (place "{\"a\":1 \"b\":2}")
    equal (Some(1, 6, "a colon")) (place "{\"a\" 1}")
    equal (Some(1, 4, "nothing more")) (place "{} x"))

test "a notice is shown before opening a workflow that existed or may not run" (fun () ->
    let answered existed warnings =
        Start.Update.init "Demo" "x"
        |> Start.Update.update (
            Start.Model.Answered {
                Id = 7.0
                Existed = existed
                Warnings = warnings
            }
        )

    let showsNotice (model: Start.Model.Model, _) = model.Stage <> Start.Model.Filling
    isTrue "existed" (showsNotice (answered true []))
    isTrue "warned" (showsNotice (answered false [ "no executor" ]))
    isTrue "otherwise it is opened" (not (showsNotice (answered false [])) && not (snd (answered false [])).IsEmpty))

test "a draft with errors is not sent" (fun () ->
    let model, effects =
        Start.Update.init "Demo" "x" |> Start.Update.update Start.Model.Submitted

    isTrue "the business key is missing" effects.IsEmpty
    isTrue "the error is shown" model.Submitted)

test "definitions are found if name and description contain every word" (fun () ->
    let found text =
        Start.Choice.find text [ Samples.parent; Samples.order ] |> List.map _.Name

    equal [ "OrderApproval" ] (found "approval sample")
    equal 2 (found "").Length)

/// A component that is mounted while `alive` is true.
let private counting (alive: Feliz.IRefValue<bool>) (shown: ResizeArray<int>) : int -> unit =
    let held: Feliz.IRefValue<int> = unbox (JsInterop.createObj [ "current", box 0 ])

    Elm.dispatcher alive held (fun next -> shown.Add next) (fun (more: int) (sum: int) ->
        sum + more, (if more > 1 then [ fun dispatch -> dispatch 1 ] else []))

test "a response that arrives after its page was closed is ignored" (fun () ->
    let alive: Feliz.IRefValue<bool> =
        unbox (JsInterop.createObj [ "current", box true ])

    let shown = ResizeArray<int>()
    let dispatch = counting alive shown
    dispatch 2
    equal [ 2; 3 ] (List.ofSeq shown)
    alive.current <- false
    dispatch 2
    equal [ 2; 3 ] (List.ofSeq shown))
