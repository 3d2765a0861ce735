namespace GopherFlow.Scripting.Tests

open System
open System.Text.Json
open System.Threading.Tasks
open GopherFlow.Authoring
open GopherFlow.Definitions
open GopherFlow.FSharp
open GopherFlow.Scripting
open Xunit

type Colour =
    | Red
    | Green

type Email = Email of string

type Payment =
    | Cash
    | Card of number: string * expires: int
    | Voucher of Guid
    | Split of decimal * decimal

type Order = {
    Id: int
    To: Email
    Payment: Payment
    Note: string option
    Lines: (string * int) list
    Tags: Set<string>
    Prices: Map<Colour, decimal>
}

type AuthoringTests() =

    let plain (_: Step) = goto "B"
    let tasked (_: Step) = task { return goto "C" }
    let asynced (_: Step) = async { return goto "D" }

    let definition =
        workflow "All" {
            description "Every operation"
            version "7"
            retry (exponential 3 (milliseconds 5) (hours 1))
            start "A" plain [ "B" ] [ timeout (seconds 0.5) ]
            state "B" tasked [ "C" ] [ retrying noRetry; timeout (minutes 2) ]
            state "C" asynced [ "D" ]
            state "L" (fun step -> goto "D" |> log step.BusinessKey) [ "D" ]
            manual "D" [ "E"; "F" ]
            manual "Anywhere"
            error "E"
            finish "F"
        }

    let find name =
        definition.States |> Seq.find (fun state -> state.Name = name)

    [<Fact>]
    member _.``The head of a definition``() =
        Assert.Equal("All", definition.Name)
        Assert.Equal("Every operation", definition.Description)
        Assert.Equal("7", definition.Version)
        Assert.Equal(RetryPolicy.Exponential(3, TimeSpan.FromMilliseconds 5., TimeSpan.FromHours 1.), definition.Retry)

    [<Fact>]
    member _.``States stand in the order of the text, each with its type and targets``() =
        let shape =
            definition.States
            |> Seq.map (fun state -> $"""{state.Name} {state.Type} {String.concat "," state.GoesTo}""")
            |> List.ofSeq

        Assert.Equal<string list>(
            [
                "A Start B"
                "B Normal C"
                "C Normal D"
                "L Normal D"
                "D Manual E,F"
                "Anywhere Manual "
                "E Error "
                "F End "
            ],
            shape
        )

    [<Fact>]
    member _.``States have options of their own``() =
        Assert.Equal(Nullable(TimeSpan.FromSeconds 0.5), (find "A").Timeout)
        Assert.Null((find "A").Retry)
        Assert.Equal(Nullable(TimeSpan.FromMinutes 2.), (find "B").Timeout)
        Assert.Equal(RetryPolicy.None, (find "B").Retry)
        Assert.Equal(Nullable(), (find "C").Timeout)

    [<Fact>]
    member _.``A start may have any kind of function``() =
        let kinds = [
            workflow "T" { start "A" tasked [ "C" ] }
            workflow "A" { start "A" asynced [ "D" ] [ timeout (seconds 1) ] }
            workflow "P" { start "A" plain [ "B" ] }
            workflow "T" { start "A" tasked [ "C" ] [ timeout (seconds 1) ] }
            workflow "A" { start "A" asynced [ "D" ] }
        ]

        Assert.All(kinds, (fun kind -> Assert.NotNull kind.States[0].Function))

    [<Fact>]
    member _.``What is not said has the defaults of C#``() =
        let bare = workflow "Bare" { finish "F" }
        Assert.Equal(RetryPolicy.Default, bare.Retry)
        Assert.Equal("", bare.Description)

    [<Fact>]
    member _.``Outcomes carry everything``() =
        let request =
            child "Child" "key"
            |> withVar "n" 3
            |> withVar "email" (Email "a@b")
            |> withExternalId "x"
            |> inGroup "g"
            |> withPriority 2

        let next =
            goto "B"
            |> log "line"
            |> after (days 1)
            |> spawn request
            |> spawnAll [ child "C" "1"; child "C" "2" ]
            |> wakeParent

        Assert.Equal(("B", true, 3), (next.Target, next.WakesParent, next.Children.Count))
        Assert.Equal("line", next.LogText)
        Assert.Equal(Activation(ActivationKind.After, Delay = TimeSpan.FromDays 1.), next.Activation)
        let spawned = next.Children[0]
        Assert.Equal("x", spawned.ExternalId)
        Assert.Equal("g", spawned.ExecutorGroup)
        Assert.Equal(Nullable 2, spawned.Priority)
        Assert.Equal("""{"n":3,"email":"a@b"}""", spawned.Variables.ToJson())

    [<Fact>]
    member _.``Changing a child's request leaves the first one as it was``() =
        let first = child "C" "1"
        let second = first |> withVar "a" 1
        Assert.Equal(("{}", """{"a":1}"""), (first.Variables.ToJson(), second.Variables.ToJson()))

    [<Fact>]
    member _.``Activations``() =
        let instant = DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero)
        Assert.Equal(Activation(ActivationKind.At, Instant = instant), (goto "B" |> at instant).Activation)
        Assert.Equal(Activation ActivationKind.WhenChildrenFinished, (goto "B" |> whenChildrenFinished).Activation)

    [<Fact>]
    member _.``Giving up is not retried``() =
        let failure =
            Assert.Throws<NotRetryableException>(Action(fun () -> giveUp "enough"))

        Assert.Equal("enough", failure.Message)

    static member Values: TheoryData<obj, string> =
        let data = TheoryData<obj, string>()
        let add (value: obj) json = data.Add(value, json)
        add Red "\"Red\""
        add (Email "a@b") "\"a@b\""
        add Cash "\"Cash\""
        add (Card("12", 5)) """{"Card":{"number":"12","expires":5}}"""
        add (Voucher Guid.Empty) """{"Voucher":"00000000-0000-0000-0000-000000000000"}"""
        add (Split(1.5M, 2M)) """{"Split":[1.5,2]}"""
        add [ Some 1; None ] "[1,null]"
        add (Map [ Red, 1 ]) """{"Red":1}"""
        add (Set [ "b"; "a" ]) """["a","b"]"""

        add
            {
                Id = 1
                To = Email "x"
                Payment = Cash
                Note = None
                Lines = []
                Tags = Set.empty
                Prices = Map [ Green, 2M ]
            }
            """{"id":1,"to":"x","payment":"Cash","note":null,"lines":[],"tags":[],"prices":{"Green":2}}"""

        data

    [<Theory>]
    [<MemberData(nameof AuthoringTests.Values)>]
    member _.``Values are readable JSON, and come back``(value: obj, json: string) =
        let serialization = ScriptJson.forType (value.GetType())
        let written = JsonSerializer.Serialize(value, value.GetType(), serialization)
        Assert.Equal(json, written)
        Assert.Equal(value, JsonSerializer.Deserialize(written, value.GetType(), serialization))

    [<Theory>]
    [<InlineData("""{"id":1,"to":"x","lines":[],"tags":[],"prices":{}}""", "payment")>]
    [<InlineData("""{"id":1,"to":"x","payment":"Gold","lines":[],"tags":[],"prices":{}}""",
                 "'Gold' is not a case of Payment without fields; it has Cash, Card, Voucher, Split.")>]
    [<InlineData("""{"id":1,"to":"x","payment":{"Card":{"number":"1"}},"lines":[],"tags":[],"prices":{}}""",
                 "Case Card lacks its field 'expires'.")>]
    [<InlineData("""{"id":1,"to":"x","payment":{"Split":[1]},"lines":[],"tags":[],"prices":{}}""",
                 "Case Split has 2 fields")>]
    [<InlineData("""{"id":1,"to":"x","payment":5,"lines":[],"tags":[],"prices":{}}""", "Expected a case of Payment")>]
    member _.``JSON of another shape is refused in words``(json: string, text: string) =
        let failure =
            Assert.ThrowsAny<JsonException>(fun () ->
                JsonSerializer.Deserialize<Order>(json, ScriptJson.forType typeof<Order>)
                |> ignore)

        Assert.Contains(text, failure.Message)

    [<Fact>]
    member _.``An option may be left out``() =
        let order =
            JsonSerializer.Deserialize<Order>(
                """{"id":1,"to":"x","payment":"Cash","lines":[],"tags":[],"prices":{}}""",
                ScriptJson.forType typeof<Order>
            )

        Assert.Equal(None, (Unchecked.nonNull order).Note)
