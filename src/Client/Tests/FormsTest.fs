module GopherFlow.Client.Tests.FormsTest

open Fable.Core
open GopherFlow.Client.Tests.Vitest
open GopherFlow.Client.Pages
open GopherFlow.Client.Pages.Workflow

let private isRefused =
    function
    | Ok _ -> false
    | Error _ -> true

test "variables are a JSON object" (fun () ->
    equal (Ok """{"a":1}""") (Start.readVariables """ { "a": 1 } """ |> Result.map JS.JSON.stringify)
    equal (Ok "{}") (Start.readVariables "  " |> Result.map JS.JSON.stringify)
    isTrue "no list" (isRefused (Start.readVariables "[1]"))
    isTrue "no text" (isRefused (Start.readVariables "\"a\""))
    isTrue "no broken JSON" (isRefused (Start.readVariables "{ a: 1")))

let private draft: Start.Draft = {
    ExternalId = "x"
    BusinessKey = ""
    Group = "default"
    Variables = "{}"
    NextActivation = ""
}

test "a sound draft has no fault" (fun () ->
    equal
        {
            Start.Faults.ExternalId = None
            Start.Faults.Group = None
            Start.Faults.Variables = None
        }
        (Start.check draft))

test "what is missing or wrong is said at its field" (fun () ->
    let faults =
        Start.check {
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

test "a variable is shown as the text it is, anything else as JSON" (fun () ->
    equal "33" (VariableEdit.textOf "33")
    equal "33" (VariableEdit.textOf 33)
    equal "null" (VariableEdit.textOf null))
