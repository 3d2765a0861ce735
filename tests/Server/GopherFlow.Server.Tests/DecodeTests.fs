module GopherFlow.Server.Tests.DecodeTests

open System
open System.Buffers
open System.Text
open System.Text.Json
open System.Threading
open FsCheck
open FsCheck.FSharp
open GopherFlow.Server
open Expecto
open GopherFlow.TestSupport

let private decode decoder (body: string) =
    Decode.body decoder CancellationToken.None (ReadOnlySequence(Encoding.UTF8.GetBytes body))

let private fieldsOf result =
    match result with
    | Ok _ -> []
    | Error(faults: FaultyField list) -> faults |> List.map _.Field

let private valid =
    """ "externalId":"a","executorGroup":"default","workflowType":"Order","businessKey":"b" """

let private isKnown (name: string) =
    [
        "externalId"
        "executorGroup"
        "workflowType"
        "businessKey"
        "stateVars"
        "priority"
        "nextActivation"
        "nextActivationOffset"
    ]
    |> List.exists (fun field -> field.Equals(name, StringComparison.OrdinalIgnoreCase))

let private isUnicode (name: string) =
    not (name |> Seq.exists Char.IsSurrogate)

let tests =
    testList "Decode" [
        testProperty
            "an unknown field is reported with the known fields"
            (let names =
                ArbMap.defaults
                |> ArbMap.arbitrary<char list>
                |> Arb.convert (fun letters -> String(Array.ofList letters)) List.ofSeq
                |> Arb.filter (fun name -> isUnicode name && not (isKnown name) && name.Length <= JsonPath.LongestName)

             Prop.forAll names (fun name ->
                 match decode Requests.create $"{{{valid},{JsonSerializer.Serialize name}:1}}" with
                 | Error [ fault ] -> fault.Field = name && fault.Expected.Contains "businessKey"
                 | _ -> false))

        testProperty
            "every missing field is reported, whichever are missing"
            (let required = [ "externalId"; "executorGroup"; "workflowType"; "businessKey" ]

             let given =
                 ArbMap.defaults
                 |> ArbMap.arbitrary<bool list>
                 |> Arb.filter (fun given -> given.Length = 4)

             Prop.forAll given (fun given ->
                 let present = List.zip required given |> List.filter snd |> List.map fst

                 let body =
                     present |> List.map (fun name -> $"\"{name}\":\"x\"") |> String.concat ","

                 fieldsOf (decode Requests.create $"{{{body}}}") = List.except present required))

        testCase "field names are case-insensitive" (fun () ->
            let flip index (letter: char) =
                if index % 2 = 0 then
                    Char.ToUpperInvariant letter
                else
                    letter

            let body =
                valid.Replace("businessKey", String.mapi flip "businessKey").Replace("workflowType", "WORKFLOWTYPE")

            match decode Requests.create $"{{{body}}}" with
            | Ok request -> Expect.equal request.BusinessKey "b" "business key"
            | Error faults -> failtest $"{faults}")

        testTheory
            "a value of the wrong type is reported with the received value"
            [
                """{"state":1}""", "state", "1"
                """{"state":null}""", "state", "null"
                """{"state":""}""", "state", "\"\""
                """{"state":["a"]}""", "state", "[\"a\"]"
                """{"state":"a","nextActivation":"tomorrow"}""", "nextActivation", "\"tomorrow\""
                """{"state":"a","nextActivation":5}""", "nextActivation", "5"
            ]
            (fun (body: string, field: string, received: string) ->
                match decode Requests.state body with
                | Error [ fault ] ->
                    Expect.equal fault.Field field "field"
                    Expect.equal fault.Received (Some received) "received"
                    Expect.isNonEmpty fault.Expected "expected"
                | other -> failtest $"{other}")

        testCase "all errors of a body are reported at once, nested fields by their path" (fun () ->
            let body =
                """{"createWorkflowRequest":{"externalId":5,"executorGroup":"default","workflowType":"","priority":0,"oops":1},
            "waitSeconds":"long","waitForStates":["a",7],"bogus":true}"""

            Expect.equal
                (fieldsOf (decode Requests.createAndWait body))
                [
                    "bogus"
                    "createWorkflowRequest.oops"
                    "createWorkflowRequest.externalId"
                    "createWorkflowRequest.workflowType"
                    "createWorkflowRequest.businessKey"
                    "createWorkflowRequest.priority"
                    "waitSeconds"
                    "waitForStates[1]"
                ]
                "body")

        testTheory
            "a duplicate field is an error"
            [ """{"state":"a","state":"b"}"""; """{"state":"a","State":"b"}""" ]
            (fun (body: string) ->
                Expect.exists
                    (fieldsOf (decode Requests.state body))
                    (fun field -> field.ToLowerInvariant() = "state")
                    "body")

        testTheory
            "JSON that a later reader of the variables could not parse is an error"
            [
                """{"key":"k","value":{"a":{"b":1,"b":2}}}""", "value.a.b"
                """{"key":"k","value":["\ud800"]}""", "value[0]"
                """{"key":"\udc00","value":1}""", "key"
                """{"key":"k","value":{"\ud800":1}}""", "value"
            ]
            (fun (body: string, field: string) ->
                Expect.equal (fieldsOf (decode Requests.variable body)) [ field ] "body")

        testTheory
            "malformed JSON is reported with line and byte"
            [
                "", "expected"
                "{", "line 1, byte 2"
                "{\n  \"state\": nope}", "line 2, byte 13"
                """{"state":"a"} {}""", "line 1, byte 15"
            ]
            (fun (body: string, place: string) ->
                match decode Requests.state body with
                | Error [ fault ] ->
                    Expect.equal fault.Field "body" "field"
                    Expect.stringContains fault.Detail place "detail"
                | other -> failtest $"{other}")

        testTheory "a body that is not an object is an error" [ "[]"; "null"; "\"text\"" ] (fun (body: string) ->
            Expect.equal (fieldsOf (decode Requests.state body)) [ "body" ] "body")

        testCase "a password of the wrong type is not echoed" (fun () ->
            match decode Requests.signIn """{"username":"a","password":["secret"]}""" with
            | Error [ fault ] -> Expect.stringLacks fault.Detail "secret" "detail"
            | other -> failtest $"{other}")

        testTheory
            "instants are RFC 3339, including Go's nanoseconds"
            [
                "2026-11-22T19:00:00Z", "2026-11-22T19:00:00.0000000+00:00"
                "2026-11-22t19:00:00.5z", "2026-11-22T19:00:00.5000000+00:00"
                "2026-11-22T19:00:00.123456789+02:00", "2026-11-22T19:00:00.1234567+02:00"
            ]
            (fun (sent: string, understood: string) ->
                Expect.equal (Values.parseInstant sent |> Option.map _.ToString("O")) (Some understood) "instant")

        testTheory
            "other texts are not instants"
            [
                "2026-11-22"
                "2026-11-22T19:00:00"
                "2026-13-22T19:00:00Z"
                "2026-11-22T19:00:00 Z"
                "1795374000"
            ]
            (fun (sent: string) -> Expect.equal (Values.parseInstant sent) None "sent")

        testProperty
            "every written instant can be read back"
            (let ticks = Gen.choose64 (0L, DateTimeOffset.MaxValue.UtcTicks) |> Arb.fromGen

             Prop.forAll ticks (fun ticks ->
                 let instant = DateTimeOffset(ticks - ticks % 10L, TimeSpan.Zero)

                 let written =
                     JsonSerializer.Deserialize<string>(ReadOnlySpan(Json.bytes instant))
                     |> Option.ofObj

                 written |> Option.bind Values.parseInstant = Some instant))

        testCase "nextActivation and nextActivationOffset together are an error" (fun () ->
            let body =
                $"""{{{valid},"nextActivation":"2026-11-22T19:00:00Z","nextActivationOffset":"1 hour"}}"""

            Expect.equal (fieldsOf (decode Requests.create body)) [ "nextActivationOffset" ] "body")
    ]
