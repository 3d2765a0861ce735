using GopherFlow.Authoring;
using GopherFlow.Operations;
using GopherFlow.Operations.Jobs;
using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Jobs;

/// <summary>Requests that are rejected before a job is stored, and dry runs.</summary>
public sealed class JobRequestTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<JobRequest, string> Faulty =>
        new()
        {
            { With(new WorkflowFilter()), "filter: expected at least one condition; idFrom 1 means every workflow." },
            {
                With(new WorkflowFilter { WorkflowTypes = ["V"] }),
                "filter.workflowTypes: expected the name of a definition, but got 'V'."
            },
            {
                With(new WorkflowFilter { WorkflowTypes = ["W"], Versions = ["3"] }),
                "filter.versions: expected a version of W, but got '3'."
            },
            {
                With(new WorkflowFilter { Statuses = [WorkflowStatus.Finished] }),
                "filter.statuses: expected statuses in which the operation can be done: NEW, EXECUTING, IN_PROGRESS, WAITING, but got 'FINISHED'."
            },
            {
                With(new WorkflowFilter { States = [""] }),
                "filter.states: expected a text that is not empty, but got ''."
            },
            {
                With(new WorkflowFilter { BusinessKey = "a", BusinessKeyPrefix = "b" }),
                "filter.businessKeyPrefix: expected either a businessKey or a businessKeyPrefix, but got 'b'."
            },
            {
                With(new WorkflowFilter { ExecutorGroups = ["", "b"] }),
                "filter.executorGroups: expected a text that is not empty, but got ''."
            },
            {
                With(new WorkflowFilter { WithoutParent = true, ParentWorkflowId = 3 }),
                "filter.parentWorkflowId: expected either a parentWorkflowId or withoutParent, but got '3'."
            },
            {
                With(new WorkflowFilter { FinishedFrom = Noon, FinishedBefore = Noon.AddDays(-1) }),
                "filter.finishedBefore: expected an instant after finishedFrom, but got '2025-12-31T12:00:00.0000000+00:00'. filter.finishedFrom: expected what a workflow can have in a status in which the operation can be done: NEW, EXECUTING, IN_PROGRESS, WAITING, but got '2026-01-01T12:00:00.0000000+00:00'."
            },
            {
                With(new WorkflowFilter { WaitsFor = [(WaitReason)9] }),
                "filter.waitsFor: expected one of Children, Person, Signal, Retry, Resume, Activation, Executor, Limit, but got '9'."
            },
            {
                With(new WorkflowFilter { WaitsFor = [WaitReason.Person], Statuses = [WorkflowStatus.New] }),
                "filter.waitsFor: expected what a workflow can have in one of the filter's statuses, but got 'Person'."
            },
            {
                With(new WorkflowFilter { FinishedFrom = Noon }),
                "filter.finishedFrom: expected what a workflow can have in a status in which the operation can be done: NEW, EXECUTING, IN_PROGRESS, WAITING, but got '2026-01-01T12:00:00.0000000+00:00'."
            },
            { With(new WorkflowFilter { IdFrom = 0 }), "filter.idFrom: expected the id of a workflow, but got '0'." },
            {
                With(new WorkflowFilter { IdFrom = 5, IdTo = 4 }),
                "filter.idTo: expected an id that is not below idFrom, but got '4'."
            },
            {
                With(new WorkflowFilter { CreatedFrom = Noon, CreatedBefore = Noon }),
                "filter.createdBefore: expected an instant after createdFrom, but got '2026-01-01T12:00:00.0000000+00:00'."
            },
            {
                With(new WorkflowFilter { Versions = [.. Enumerable.Range(0, 101).Select(number => $"{number}")] }),
                "filter.versions: expected at most 100 values, but got '101 values'."
            },
            { Crowd.Pause with { Actor = "" }, "actor: expected a text that is not empty, but got ''." },
            {
                Doing(new JobOperation.RunAgain("Ask")),
                "operation.state: expected a state with a function of W 2: Work, Check, Listen, but got 'Ask'."
            },
            {
                Doing(new JobOperation.ChangeState("Nowhere")),
                "operation.state: expected a state of W 2: Work, Check, Listen, Ask, Done, but got 'Nowhere'."
            },
            {
                Doing(new JobOperation.ChangeState("Done")) with
                {
                    Filter = new WorkflowFilter { IdFrom = 1 },
                },
                "filter.workflowTypes: expected the types of the workflows, to which the state belongs."
            },
            {
                Doing(new JobOperation.ChangeState("Done") { FromStates = ["Ask"] }) with
                {
                    Filter = new WorkflowFilter { WorkflowTypes = ["W"], States = ["Work"] },
                },
                "operation.fromStates: expected some of the filter's states: Work, but got 'Ask'."
            },
            { Doing(new JobOperation.ChangeVariables([])), "operation.changes: expected at least one change." },
            {
                Doing(new JobOperation.ChangeVariables([new VariableChange("a", "{")])),
                "operation.value: expected a JSON value, at most 63 levels deep, but got '{'."
            },
            {
                Doing(new JobOperation.ChangeVariables([new VariableChange("a", $"\"{new string('x', 2_000_000)}\"")])),
                "operation.value: expected variables of at most 1,048,576 bytes in all (GFLOW_ENGINE_VARIABLES_LIMIT); these have 2,000,002."
            },
            {
                Doing(new JobOperation.MoveVersion("2")),
                "filter.versions: expected the current versions of the workflows, other than 2, but got ''."
            },
            { Moving(new JobOperation.MoveVersion("3")), "operation.to: expected a version of W: 2, 1, but got '3'." },
            {
                Moving(
                    new JobOperation.MoveVersion("2") { States = new Dictionary<string, string> { ["Work"] = "Done" } }
                ),
                "operation.states.Work: expected a state of version 2 that is not final: Work, Check, Listen, Ask, but got 'Done'."
            },
            {
                Doing(new JobOperation.Place(10)),
                "operation.priority: expected a whole number from 1 to 9, but got '10'."
            },
            { Doing(new JobOperation.Place(null)), "operation.priority: expected a priority or an executorGroup." },
            { Doing(new JobOperation.Signal("")), "operation.name: expected a text that is not empty, but got ''." },
        };

    [Theory, MemberData(nameof(Faulty))]
    public async Task An_invalid_request_is_rejected_with_the_expected_values(JobRequest request, string fault)
    {
        await using var engine = await EngineHarness.StartAsync(StoreKind.InMemory, g => g.AddW());

        var refusal = await Assert.ThrowsAsync<RejectedRequestException>(() => engine.Jobs.StartAsync(request, Stop));

        Assert.Equal(fault, refusal.Message);
        await Assert.ThrowsAsync<RejectedRequestException>(() => engine.Jobs.DryRunAsync(request, Stop));
        Assert.Empty(await engine.Jobs.ListAsync(cancellation: Stop));
    }

    [Theory]
    [InlineData(StoreKind.InMemory)]
    [InlineData(StoreKind.Sqlite)]
    public async Task A_dry_run_counts_what_the_job_will_do(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(kind, g => g.AddW());
        var ids = await Crowd.CreateAsync(engine, 1_500);
        await Crowd.CreateAsync(engine, 3, type: "Other", prefix: "other");
        await Crowd.MoveAsync(engine, ids[0], "Ask", WorkflowStatus.Waiting);
        await Crowd.MoveAsync(engine, ids[1], "Done", WorkflowStatus.Finished);
        var request = With(new WorkflowFilter { IdFrom = 1 });

        var forecast = await engine.Jobs.DryRunAsync(request, Stop);

        Assert.Equal(1_502, forecast.Total);
        Assert.Equal(
            [
                new JobForecastCount("Other", WorkflowStatus.New, 3),
                new JobForecastCount("W", WorkflowStatus.New, 1_498),
                new JobForecastCount("W", WorkflowStatus.Waiting, 1),
            ],
            forecast.Counts
        );
        Assert.Empty(await engine.Jobs.ListAsync(cancellation: Stop));
        Assert.Equal(WorkflowStatus.New, (await engine.FindAsync(ids[2])).Status);
        Assert.Equal((JobStatus.Done, 1_502, 1_502, 0, 0), (await Crowd.DoAsync(engine, request)).Tally());
    }

    [Fact]
    public async Task A_job_is_found_and_listed_as_requested()
    {
        await using var engine = await EngineHarness.StartAsync(StoreKind.Sqlite, g => g.AddW());
        var request = Doing(
            new JobOperation.ChangeState("Done")
            {
                FromStates = ["Ask"],
                Variables = [new VariableChange("a", "1") { Expected = new VariableExpectation(null) }],
            }
        ) with
        {
            Filter = new WorkflowFilter
            {
                WorkflowTypes = ["W"],
                Statuses = [WorkflowStatus.InProgress],
                ExecutorGroups = ["default", "night"],
                WaitsFor = [WaitReason.Children, WaitReason.Executor],
                WithoutParent = true,
                CreatedFrom = Noon,
            },
        };

        var job = await Crowd.DoAsync(engine, request);

        Assert.Equivalent(request.Filter, job.Filter, strict: true);
        Assert.Equivalent(request.Operation, job.Operation, strict: true);
        var newer = await Crowd.DoAsync(engine, Crowd.Pause);
        Assert.Equal([newer.Id, job.Id], (await engine.Jobs.ListAsync(cancellation: Stop)).Select(each => each.Id));
        Assert.Null(await engine.Jobs.FindAsync(99, Stop));
        Assert.False(await engine.Jobs.CancelAsync(job.Id, Stop));
    }

    private static JobRequest With(WorkflowFilter filter) => Crowd.Pause with { Filter = filter };

    private static JobRequest Doing(JobOperation operation) => Crowd.Pause with { Operation = operation };

    private static JobRequest Moving(JobOperation.MoveVersion move) =>
        Doing(move) with
        {
            Filter = new WorkflowFilter { WorkflowTypes = ["W"], Versions = ["1"] },
        };
}
