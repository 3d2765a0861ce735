namespace GopherFlow.Scripting.Tests

open System
open System.Text.Json
open System.Threading.Tasks
open GopherFlow.Authoring
open GopherFlow.Definitions
open GopherFlow.FSharp
open GopherFlow.Scripting
open Expecto
open GopherFlow.TestSupport

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

module AuthoringTests =
    let tests =

        let plain (_: Step) = goto "B"
        let tasked (_: Step) = task { return goto "C" }
        let asynced (_: Step) = async { return goto "D" }

        let definition =
            workflow "All" {
                description "Every operation"
                version "7"
                retry (exponential 3 (milliseconds 5) (hours 1))
                onCancel "C"
                onFailure "L"
                keepFinished (days 7)
                keepFailed forEver
                keepCancelled (hours 12)
                webhook "shop"
                webhook "alarm" (WorkflowEnds.Failed ||| WorkflowEnds.Cancelled)
                start "A" plain [ "B" ] [ timeout (seconds 0.5) ]
                state "B" tasked [ "C" ] [ retrying noRetry; timeout (minutes 2); compensatedBy "U" ]
                state "C" asynced [ "D" ]
                state "L" (fun step -> goto "D" |> log step.BusinessKey) [ "D" ]
                state "U" (fun _ -> undone) []
                manual "D" [ "E"; "F" ]
                manual "Anywhere"
                error "E"
                finish "F"
            }

        let find name =
            definition.States |> Seq.find (fun state -> state.Name = name)

        let order = {
            Id = 1
            To = Email "x"
            Payment = Cash
            Note = None
            Lines = []
            Tags = Set.empty
            Prices = Map [ Green, 2M ]
        }

        let isReadable (value: 'value) (json: string) =
            testCase json (fun () ->
                let kind = (Unchecked.nonNull (box value)).GetType()
                let serialization = ScriptJson.forType Variables.DefaultSerialization kind
                let written = JsonSerializer.Serialize(box value, kind, serialization)
                Expect.equal written json "written"
                Expect.equal (JsonSerializer.Deserialize(written, kind, serialization)) (box value) "read back")

        testList "Authoring" [
            testCase "A definition has its name, description, version, clean-up state and retry policy" (fun () ->
                Expect.equal definition.Name "All" "name"
                Expect.equal definition.Description "Every operation" "description"
                Expect.equal definition.Version "7" "version"
                Expect.equal definition.CancelState "C" "cancel state"
                Expect.equal definition.FailureState "L" "state for failures"
                Expect.equal (find "B").CompensatedBy "U" "compensation"
                Expect.isNull (find "A").CompensatedBy "no compensation"
                let kept = definition.Retention
                let spans = (kept.Finished, kept.Failed, kept.Cancelled)
                let expected = (Nullable(days 7), Nullable TimeSpan.Zero, Nullable(hours 12))
                Expect.equal spans expected "retention"

                Expect.sequenceEqual
                    definition.Webhooks
                    [
                        Webhook "shop"
                        Webhook("alarm", On = (WorkflowEnds.Failed ||| WorkflowEnds.Cancelled))
                    ]
                    "webhooks"

                Expect.equal
                    definition.Retry
                    (RetryPolicy.Exponential(3, TimeSpan.FromMilliseconds 5., TimeSpan.FromHours 1.))
                    "retry")

            testCase "States keep their source order, types and targets" (fun () ->
                let shape =
                    definition.States
                    |> Seq.map (fun state -> $"""{state.Name} {state.Type} {String.concat "," state.GoesTo}""")
                    |> List.ofSeq

                Expect.equal
                    shape
                    [
                        "A Start B"
                        "B Normal C"
                        "C Normal D"
                        "L Normal D"
                        "U Normal "
                        "D Manual E,F"
                        "Anywhere Manual "
                        "E Error "
                        "F End "
                    ]
                    "shape")

            testCase "Each state has its own options" (fun () ->
                Expect.equal ((find "A").Timeout) (Nullable(TimeSpan.FromSeconds 0.5)) "timeout"
                Expect.isNull ((find "A").Retry) "retry"
                Expect.equal ((find "B").Timeout) (Nullable(TimeSpan.FromMinutes 2.)) "timeout"
                Expect.equal ((find "B").Retry) RetryPolicy.None "retry"
                Expect.equal ((find "C").Timeout) (Nullable()) "timeout")

            testCase "A start state accepts every kind of function" (fun () ->
                let kinds = [
                    workflow "T" { start "A" tasked [ "C" ] }
                    workflow "A" { start "A" asynced [ "D" ] [ timeout (seconds 1) ] }
                    workflow "P" { start "A" plain [ "B" ] }
                    workflow "T" { start "A" tasked [ "C" ] [ timeout (seconds 1) ] }
                    workflow "A" { start "A" asynced [ "D" ] }
                ]

                Expect.all kinds (fun kind -> not (isNull kind.States[0].Function)) "each has a function")

            testCase "Omitted operations have the same defaults as in C#" (fun () ->
                let bare = workflow "Bare" { finish "F" }
                Expect.equal bare.Retry RetryPolicy.Default "retry"
                Expect.equal bare.Description "" "description")

            testCase "An outcome carries its log, delay, children and parent wake-up" (fun () ->
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

                Expect.equal (next.Target, next.WakesParent, next.Children.Count) ("B", true, 3) "count"
                Expect.equal next.LogText "line" "log text"

                Expect.equal
                    next.Activation
                    (Activation(ActivationKind.After, Delay = TimeSpan.FromDays 1.))
                    "activation"

                let spawned = next.Children[0]
                Expect.equal spawned.ExternalId "x" "external id"
                Expect.equal spawned.ExecutorGroup "g" "executor group"
                Expect.equal spawned.Priority (Nullable 2) "priority"
                Expect.equal (spawned.Variables.ToJson()) """{"n":3,"email":"a@b"}""" "to json")

            testCase "Changing a child request does not change the original" (fun () ->
                let first = child "C" "1"
                let second = first |> withVar "a" 1
                Expect.equal (first.Variables.ToJson(), second.Variables.ToJson()) ("{}", """{"a":1}""") "to json")

            testCase "Activations" (fun () ->
                let instant = DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero)

                Expect.equal
                    ((goto "B" |> at instant).Activation)
                    (Activation(ActivationKind.At, Instant = instant))
                    "activation"

                Expect.equal
                    ((goto "B" |> whenChildrenFinished).Activation)
                    (Activation ActivationKind.WhenChildrenFinished)
                    "activation"

                let waiting = waitFor [ "yes"; "no" ] "B"
                Expect.equal waiting.Activation (Activation ActivationKind.WhenSignalled) "activation"
                Expect.equal (waiting.Target, List.ofSeq waiting.AwaitedSignals) ("B", [ "yes"; "no" ]) "awaited")

            testCase "Deadlines" (fun () ->
                let instant = DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero)

                Expect.equal
                    ((waitFor [ "yes" ] "B" |> orAfter (days 3) "C").Deadline)
                    (Nullable(Deadline("C", Nullable(), TimeSpan.FromDays 3.)))
                    "after"

                Expect.equal
                    ((goto "Ask" |> orAt instant "C").Deadline)
                    (Nullable(Deadline("C", Nullable instant, TimeSpan.Zero)))
                    "at")

            testCase "giveUp throws NotRetryableException" (fun () ->
                let failure = Expect.throwsLike<NotRetryableException>(fun () -> giveUp "enough")

                Expect.equal failure.Message "enough" "message")

            testList "Values are written as readable JSON and read back" [
                isReadable Red "\"Red\""
                isReadable (Email "a@b") "\"a@b\""
                isReadable Cash "\"Cash\""
                isReadable (Card("12", 5)) """{"Card":{"number":"12","expires":5}}"""
                isReadable (Voucher Guid.Empty) """{"Voucher":"00000000-0000-0000-0000-000000000000"}"""
                isReadable (Split(1.5M, 2M)) """{"Split":[1.5,2]}"""
                isReadable [ Some 1; None ] "[1,null]"
                isReadable (Map [ Red, 1 ]) """{"Red":1}"""
                isReadable (Set [ "b"; "a" ]) """["a","b"]"""
                isReadable
                    order
                    """{"id":1,"to":"x","payment":"Cash","note":null,"lines":[],"tags":[],"prices":{"Green":2}}"""
            ]

            testTheory
                "JSON of another shape is rejected with an explanation"
                [
                    """{"id":1,"to":"x","lines":[],"tags":[],"prices":{}}""", "payment"
                    """{"id":1,"to":"x","payment":"Gold","lines":[],"tags":[],"prices":{}}""",
                    "'Gold' is not a case of Payment without fields; it has Cash, Card, Voucher, Split."
                    """{"id":1,"to":"x","payment":{"Card":{"number":"1"}},"lines":[],"tags":[],"prices":{}}""",
                    "Case Card lacks its field 'expires'."
                    """{"id":1,"to":"x","payment":{"Split":[1]},"lines":[],"tags":[],"prices":{}}""",
                    "Case Split has 2 fields"
                    """{"id":1,"to":"x","payment":5,"lines":[],"tags":[],"prices":{}}""", "Expected a case of Payment"
                ]
                (fun (json: string, text: string) ->
                    let failure =
                        Expect.throwsLike<JsonException>(fun () ->
                            JsonSerializer.Deserialize<Order>(
                                json,
                                ScriptJson.forType Variables.DefaultSerialization typeof<Order>
                            )
                            |> ignore)

                    Expect.stringContains failure.Message text "message")

            testCase "An option field may be missing" (fun () ->
                let order =
                    JsonSerializer.Deserialize<Order>(
                        """{"id":1,"to":"x","payment":"Cash","lines":[],"tags":[],"prices":{}}""",
                        ScriptJson.forType Variables.DefaultSerialization typeof<Order>
                    )

                Expect.equal ((Unchecked.nonNull order).Note) None "note")
        ]
