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

test "variables are a JSON object" (fun () ->
    equal (Ok """{"a":1}""") (Start.Update.readVariables """ { "a": 1 } """ |> Result.map JS.JSON.stringify)
    equal (Ok "{}") (Start.Update.readVariables "  " |> Result.map JS.JSON.stringify)
    isTrue "no list" (isRefused (Start.Update.readVariables "[1]"))
    isTrue "no text" (isRefused (Start.Update.readVariables "\"a\""))
    isTrue "no broken JSON" (isRefused (Start.Update.readVariables "{ a: 1")))

let private draft: Start.Model.Draft = {
    ExternalId = "x"
    BusinessKey = "k"
    Priority = "5"
    Group = "default"
    Variables = "{}"
    NextActivation = ""
}

test "a sound draft has no fault" (fun () ->
    equal
        {
            Start.Model.Faults.ExternalId = None
            Start.Model.Faults.BusinessKey = None
            Start.Model.Faults.Group = None
            Start.Model.Faults.Variables = None
        }
        (Start.Update.check draft))

test "what is missing or wrong is said at its field" (fun () ->
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

test "a variable is sent as text, or as what its JSON means" (fun () ->
    let sent isJson text =
        VariableEdit.parseValue isJson text |> Result.map JS.JSON.stringify

    equal (Ok "\"33\"") (sent false "33")
    equal (Ok "33") (sent true "33")
    isTrue "broken JSON is refused" (isRefused (sent true "{")))

test "a number with many digits is neither shown nor sent as another one" (fun () ->
    let text = """{"id":1234567890123456789}"""
    equal (Ok text) (Start.Update.readVariables text |> Result.map Json.write)
    equal (Ok "1234567890123456789") (VariableEdit.parseValue true "1234567890123456789" |> Result.map Json.write)

    match Json.tryParse text with
    | Some value ->
        equal "{\n  \"id\": 1234567890123456789\n}" (VariableEdit.textOf value)
        isTrue "the same" (VariableEdit.same (Some value) (Json.tryParse text))
        isTrue "another" (not (VariableEdit.same (Some value) (Json.tryParse (text.Replace("789", "788")))))
    | None -> failwith "it is JSON")

test "a variable is shown as the text it is, anything else as JSON" (fun () ->
    equal "33" (VariableEdit.textOf "33")
    equal "33" (VariableEdit.textOf 33)
    equal "null" (VariableEdit.textOf null))

test "a fault in JSON is found at its place" (fun () ->
    let place text =
        Start.JsonPlace.tryFind text
        |> Option.map (fun fault -> fault.Line, fault.Column, fault.Expected)

    equal None (place """ { "a": [1, -2.5e3, "x\\n", true, null, {}, []], "b": "" } """)
    equal (Some(2, 8, "a value")) (place "{ \"a\": 1,\n  \"b\": tru }")
    equal (Some(1, 3, "a name in double quotes")) (place "{ a: 1 }")
    equal (Some(1, 8, "a comma, or }")) (place "{\"a\":1 \"b\":2}")
    equal (Some(1, 6, "a colon")) (place "{\"a\" 1}")
    equal (Some(1, 4, "nothing more")) (place "{} x"))

test "a workflow that was there, or may not run, is told of before it is shown" (fun () ->
    let answered existed warnings =
        Start.Update.init "Demo" "x"
        |> Start.Update.update (
            Start.Model.Answered {
                Id = 7.0
                Existed = existed
                Warnings = warnings
            }
        )

    let isTold (model: Start.Model.Model, _) = model.Stage <> Start.Model.Filling
    isTrue "existed" (isTold (answered true []))
    isTrue "warned" (isTold (answered false [ "no executor" ]))
    isTrue "else it is opened" (not (isTold (answered false [])) && not (snd (answered false [])).IsEmpty))

test "a draft with faults is not sent" (fun () ->
    let model, effects =
        Start.Update.init "Demo" "x" |> Start.Update.update Start.Model.Submitted

    isTrue "the business key is missing" effects.IsEmpty
    isTrue "it is said" model.Submitted)

test "definitions are found by every word of name and description" (fun () ->
    let found text =
        Start.Choice.find text [ Samples.parent; Samples.order ] |> List.map _.Name

    equal [ "OrderApproval" ] (found "approval sample")
    equal 2 (found "").Length)

/// A component that is on the page while `alive` holds.
let private counting (alive: Feliz.IRefValue<bool>) (shown: ResizeArray<int>) : int -> unit =
    let held: Feliz.IRefValue<int> = unbox (JsInterop.createObj [ "current", box 0 ])

    Elm.dispatcher alive held (fun next -> shown.Add next) (fun (more: int) (sum: int) ->
        sum + more, (if more > 1 then [ fun dispatch -> dispatch 1 ] else []))

test "an answer that comes when its page is left does nothing" (fun () ->
    let alive: Feliz.IRefValue<bool> =
        unbox (JsInterop.createObj [ "current", box true ])

    let shown = ResizeArray<int>()
    let dispatch = counting alive shown
    dispatch 2
    equal [ 2; 3 ] (List.ofSeq shown)
    alive.current <- false
    dispatch 2
    equal [ 2; 3 ] (List.ofSeq shown))
