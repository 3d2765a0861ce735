module GopherFlow.Server.Tests.DecodeTests

open System
open System.Buffers
open System.Text
open System.Text.Json
open FsCheck
open FsCheck.FSharp
open GopherFlow.Server
open Xunit

let private decode decoder (body: string) =
    Decode.body decoder (ReadOnlySequence(Encoding.UTF8.GetBytes body))

let private fieldsOf result =
    match result with
    | Ok _ -> []
    | Error(faults: FaultyField list) -> faults |> List.map _.Field

let private sound =
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

[<Fact>]
let ``any unknown field is named, with the fields that are known`` () =
    let names =
        ArbMap.defaults
        |> ArbMap.arbitrary<char list>
        |> Arb.convert (fun letters -> String(Array.ofList letters)) List.ofSeq
        |> Arb.filter (fun name -> isUnicode name && not (isKnown name))

    Check.QuickThrowOnFailure(
        Prop.forAll names (fun name ->
            match decode Requests.create $"{{{sound},{JsonSerializer.Serialize name}:1}}" with
            | Error [ fault ] -> fault.Field = name && fault.Expected.Contains "businessKey"
            | _ -> false)
    )

[<Fact>]
let ``every missing field is named, whichever are missing`` () =
    let required = [ "externalId"; "executorGroup"; "workflowType"; "businessKey" ]

    let given =
        ArbMap.defaults
        |> ArbMap.arbitrary<bool list>
        |> Arb.filter (fun given -> given.Length = 4)

    Check.QuickThrowOnFailure(
        Prop.forAll given (fun given ->
            let present = List.zip required given |> List.filter snd |> List.map fst

            let body =
                present |> List.map (fun name -> $"\"{name}\":\"x\"") |> String.concat ","

            fieldsOf (decode Requests.create $"{{{body}}}") = List.except present required)
    )

[<Fact>]
let ``field names match whatever their case`` () =
    let flip index (letter: char) =
        if index % 2 = 0 then
            Char.ToUpperInvariant letter
        else
            letter

    let body =
        sound.Replace("businessKey", String.mapi flip "businessKey").Replace("workflowType", "WORKFLOWTYPE")

    match decode Requests.create $"{{{body}}}" with
    | Ok request -> Assert.Equal("b", request.BusinessKey)
    | Error faults -> Assert.Fail $"{faults}"

[<Theory>]
[<InlineData("""{"state":1}""", "state", "1")>]
[<InlineData("""{"state":null}""", "state", "null")>]
[<InlineData("""{"state":""}""", "state", "\"\"")>]
[<InlineData("""{"state":["a"]}""", "state", "[\"a\"]")>]
[<InlineData("""{"state":"a","nextActivation":"tomorrow"}""", "nextActivation", "\"tomorrow\"")>]
[<InlineData("""{"state":"a","nextActivation":5}""", "nextActivation", "5")>]
let ``a value of the wrong type is named with what came`` (body: string) (field: string) (received: string) =
    match decode Requests.state body with
    | Error [ fault ] ->
        Assert.Equal(field, fault.Field)
        Assert.Equal(Some received, fault.Received)
        Assert.NotEmpty fault.Expected
    | other -> Assert.Fail $"{other}"

[<Fact>]
let ``all faults of a body are told at once, those of nested objects by their path`` () =
    let body =
        """{"createWorkflowRequest":{"externalId":5,"executorGroup":"default","workflowType":"","priority":0,"oops":1},
            "waitSeconds":"long","waitForStates":["a",7],"bogus":true}"""

    Assert.Equal<string list>(
        [
            "bogus"
            "createWorkflowRequest.oops"
            "createWorkflowRequest.externalId"
            "createWorkflowRequest.workflowType"
            "createWorkflowRequest.businessKey"
            "createWorkflowRequest.priority"
            "waitSeconds"
            "waitForStates[1]"
        ],
        fieldsOf (decode Requests.createAndWait body)
    )

[<Theory>]
[<InlineData("""{"state":"a","state":"b"}""")>]
[<InlineData("""{"state":"a","State":"b"}""")>]
let ``a field that is given twice is a fault`` (body: string) =
    Assert.Contains(fieldsOf (decode Requests.state body), (fun field -> field.ToLowerInvariant() = "state"))

[<Theory>]
[<InlineData("""{"key":"k","value":{"a":{"b":1,"b":2}}}""", "value.a.b")>]
[<InlineData("""{"key":"k","value":["\ud800"]}""", "value[0]")>]
[<InlineData("""{"key":"\udc00","value":1}""", "key")>]
[<InlineData("""{"key":"k","value":{"\ud800":1}}""", "value")>]
let ``what later readers of the variables could not read is a fault`` (body: string) (field: string) =
    Assert.Equal<string list>([ field ], fieldsOf (decode Requests.variable body))

[<Theory>]
[<InlineData("", "expected")>]
[<InlineData("{", "line 1, byte 2")>]
[<InlineData("{\n  \"state\": nope}", "line 2, byte 13")>]
[<InlineData("""{"state":"a"} {}""", "line 1, byte 15")>]
let ``malformed JSON is told with its place`` (body: string) (place: string) =
    match decode Requests.state body with
    | Error [ fault ] ->
        Assert.Equal("body", fault.Field)
        Assert.Contains(place, fault.Detail)
    | other -> Assert.Fail $"{other}"

[<Theory>]
[<InlineData("[]")>]
[<InlineData("null")>]
[<InlineData("\"text\"")>]
let ``a body that is no object is a fault of the body`` (body: string) =
    Assert.Equal<string list>([ "body" ], fieldsOf (decode Requests.state body))

[<Fact>]
let ``a password of the wrong type is not repeated`` () =
    match decode Requests.signIn """{"username":"a","password":["secret"]}""" with
    | Error [ fault ] -> Assert.DoesNotContain("secret", fault.Detail)
    | other -> Assert.Fail $"{other}"

[<Theory>]
[<InlineData("2026-11-22T19:00:00Z", "2026-11-22T19:00:00.0000000+00:00")>]
[<InlineData("2026-11-22t19:00:00.5z", "2026-11-22T19:00:00.5000000+00:00")>]
[<InlineData("2026-11-22T19:00:00.123456789+02:00", "2026-11-22T19:00:00.1234567+02:00")>]
let ``instants are RFC 3339, also with the nanoseconds of Go`` (sent: string) (understood: string) =
    Assert.Equal(Some understood, Values.parseInstant sent |> Option.map _.ToString("O"))

[<Theory>]
[<InlineData("2026-11-22")>]
[<InlineData("2026-11-22T19:00:00")>]
[<InlineData("2026-13-22T19:00:00Z")>]
[<InlineData("2026-11-22T19:00:00 Z")>]
[<InlineData("1795374000")>]
let ``other texts are no instants`` (sent: string) =
    Assert.Equal(None, Values.parseInstant sent)

[<Fact>]
let ``any instant that is written is read again`` () =
    let ticks = Gen.choose64 (0L, DateTimeOffset.MaxValue.UtcTicks) |> Arb.fromGen

    Check.QuickThrowOnFailure(
        Prop.forAll ticks (fun ticks ->
            let instant = DateTimeOffset(ticks - ticks % 10L, TimeSpan.Zero)

            let written =
                JsonSerializer.Deserialize<string>(ReadOnlySpan(Json.bytes instant))
                |> Option.ofObj

            written |> Option.bind Values.parseInstant = Some instant)
    )

[<Fact>]
let ``both kinds of activation at once are a fault`` () =
    let body =
        $"""{{{sound},"nextActivation":"2026-11-22T19:00:00Z","nextActivationOffset":"1 hour"}}"""

    Assert.Equal<string list>([ "nextActivationOffset" ], fieldsOf (decode Requests.create body))
