namespace GopherFlow.Server.Tests

open System
open Expecto
open GopherFlow.Definitions
open GopherFlow.Server
open GopherFlow.Storage

/// The JSON form of a definition.
module DefinitionResponseTests =
    let tests =
        testList "Definition response" [
            testCase "a state that waits for a decision has the type Manual" (fun () ->
                let definition =
                    WorkflowDefinition(
                        "W",
                        "",
                        [|
                            StateDefinition("Ask", StateType.Start, [| "Approval" |])
                            StateDefinition(
                                "Approval",
                                StateType.Normal,
                                [| "Done" |],
                                Signal = SignalContract "Decision"
                            )
                            StateDefinition("Done", StateType.End, [||])
                        |]
                    )

                let shown =
                    DefinitionRecord.Of(definition, DateTimeOffset.UnixEpoch)
                    |> Responses.definition (fun _ -> true)

                Expect.equal
                    (shown.States |> List.map (fun state -> state.Name, state.Type))
                    [ "Ask", "Start"; "Approval", "Manual"; "Done", "End" ]
                    "types")
        ]
