namespace GopherFlow.Server.Tests

open System
open System.Threading
open System.Threading.Tasks
open GopherFlow.Authoring
open GopherFlow.Definitions

/// Workflow definitions of the test servers.
module TestWorkflows =

    let private at (next: StepContext -> NextState) = Func<StepContext, NextState> next

    let private later (next: StepContext -> Task<NextState>) = Func<StepContext, Task<NextState>> next

    /// Moves to the manual state Review at once. From there a person moves it to Ship or Refused.
    let order =
        WorkflowDefinitionBuilder
            .Named("Order")
            .Description("An order that a person reviews")
            .Start("Init", at (fun _ -> NextState.GoTo("Review").Log("please review")), [| "Review" |])
            .Manual("Review", "Ship", "Refused")
            .State(
                "Ship",
                at (fun _ -> NextState.GoTo "Done"),
                [| "Done" |],
                RetryPolicy.Exponential(3, TimeSpan.FromSeconds 1., TimeSpan.FromSeconds 9.),
                TimeSpan.FromSeconds 30.
            )
            .Error("Refused")
            .End("Done")
            .Build()

    /// Stays in its first state until the gate is opened, then ends with a result.
    let gated (gate: SemaphoreSlim) =
        WorkflowDefinitionBuilder
            .Named("Gated")
            .Start(
                "Open",
                later (fun step ->
                    task {
                        do! gate.WaitAsync step.Cancellation
                        return NextState.GoTo("Done").Returning {| Answer = 42 |}
                    }),
                [| "Done"; "Other" |]
            )
            .End("Done")
            .End("Other")
            .Build()

    /// Ends with a result that is too large for a list.
    let large =
        WorkflowDefinitionBuilder
            .Named("Large")
            .Start("Init", at (fun _ -> NextState.GoTo("Done").Returning {| Text = String('x', 17000) |}), [| "Done" |])
            .End("Done")
            .Build()

    /// Sleeps for an hour.
    let sleeper =
        WorkflowDefinitionBuilder
            .Named("Sleeper")
            .Start("Init", at (fun _ -> NextState.GoTo("Wake").After(TimeSpan.FromHours 1.)), [| "Wake" |])
            .State("Wake", at (fun _ -> NextState.GoTo "Done"), [| "Done" |])
            .End("Done")
            .Build()

    /// Limited to one start per day.
    let metered =
        WorkflowDefinitionBuilder
            .Named("Metered")
            .RateLimit(1, Per.Day)
            .Start("Init", at (fun _ -> NextState.GoTo "Done"), [| "Done" |])
            .End("Done")
            .Build()

    /// Always fails and is retried after an hour.
    let broken =
        WorkflowDefinitionBuilder
            .Named("Broken")
            .Retry(RetryPolicy.Linear(3, TimeSpan.FromHours 1., TimeSpan.FromHours 1.))
            .Start("Init", at (fun _ -> raise (InvalidOperationException "no paper")), [| "Done" |])
            .End("Done")
            .Build()

    /// Waits for the signal "paid", for an hour at most.
    let unpaid =
        WorkflowDefinitionBuilder
            .Named("Unpaid")
            .Start(
                "Init",
                at (fun _ -> NextState.WaitFor("paid").OrAfter(TimeSpan.FromHours 1., "Done").Then "Ship"),
                [| "Ship"; "Done" |]
            )
            .State("Ship", at (fun _ -> NextState.GoTo "Done"), [| "Done" |])
            .End("Done")
            .Build()

    /// Waits for a child workflow, which waits for a person.
    let parent =
        WorkflowDefinitionBuilder
            .Named("Parent")
            .Start(
                "Init",
                at (fun step ->
                    NextState.GoTo("Join").Spawn(ChildRequest("Order", step.BusinessKey)).WhenChildrenFinished()),
                [| "Join" |]
            )
            .State("Join", at (fun _ -> NextState.GoTo "Done"), [| "Done" |])
            .End("Done")
            .Build()
