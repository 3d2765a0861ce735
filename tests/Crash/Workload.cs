using System.Data.Common;
using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Hosting;
using GopherFlow.Rules;

namespace GopherFlow.Crash;

/// <summary>
/// The workflows of a crash run: timers, retries, children that are joined, children that wake their parent, and rows in the user's
/// own table.
/// </summary>
internal static class Workload
{
    public const string Order = "Order";
    public const string Family = "Family";
    public const string Patient = "Patient";
    public const string Waker = "Waker";
    public const string Parcel = "Parcel";

    /// <summary>Started only by schedules.</summary>
    public const string Tick = "Tick";

    /// <summary>The signal that a <see cref="Parcel"/> waits for.</summary>
    public const string Paid = "paid";

    public const string Held = "Held";
    public const string Starved = "Starved";

    /// <summary>What an executor prints when its thread pool is starved.</summary>
    public const string PoolIsStarved = "No thread of the pool is left.";

    /// <summary>The variable of a <see cref="Held"/> or <see cref="Starved"/> workflow that names the affected executor.</summary>
    public const string Holder = "holder";

    /// <summary>The variable of a <see cref="Held"/> workflow that names the file whose creation lets that executor continue.</summary>
    public const string Gate = "gate";

    private const string Taken = "taken";
    private const int Members = 3;
    private static readonly RetryPolicy Quick = RetryPolicy.Linear(
        20,
        TimeSpan.FromMilliseconds(20),
        TimeSpan.FromMilliseconds(200)
    );

    /// <summary>The number of ledger rows of a finished workflow, by type.</summary>
    public static IReadOnlyDictionary<string, int> EntriesOf { get; } =
        new Dictionary<string, int>
        {
            [Order] = 3,
            [Family] = 2,
            [Patient] = 1,
            [Waker] = 1,
            [Parcel] = 1,
            [Tick] = 1,
            [Held] = 1,
            [Starved] = 1,
        };

    /// <summary>The types created from outside.</summary>
    public static IReadOnlyList<string> Roots { get; } = [Order, Family, Patient, Parcel];

    public static DefinitionRegistry Registry { get; } =
        new GopherFlowRegistration()
            .AddDefinition(OrderDefinition())
            .AddDefinition(FamilyDefinition())
            .AddDefinition(PatientDefinition())
            .AddDefinition(WakerDefinition())
            .AddDefinition(ParcelDefinition())
            .AddDefinition(TickDefinition())
            .AddDefinition(HeldDefinition())
            .AddDefinition(StarvedDefinition())
            .Build();

    /// <summary>Runs, waits, fails every third attempt, and continues at once.</summary>
    private static WorkflowDefinition OrderDefinition() =>
        WorkflowDefinitionBuilder
            .Named(Order)
            .Retry(Quick)
            .Start(
                "Book",
                async step => await EnterAsync(step, NextState.GoTo("Pack").After(Jitter(step, 300))),
                goesTo: ["Pack"]
            )
            .State(
                "Pack",
                async step =>
                    (step.WorkflowId + step.Attempt) % 3 == 0
                        ? throw new InvalidOperationException("The packer is at lunch.")
                        : await EnterAsync(step, NextState.GoTo("Send")),
                goesTo: ["Send"]
            )
            .State("Send", async step => await EnterAsync(step, NextState.GoTo("Done")), goesTo: ["Done"])
            .End("Done")
            .Build();

    private static WorkflowDefinition FamilyDefinition() =>
        WorkflowDefinitionBuilder
            .Named(Family)
            .Retry(Quick)
            .Start(
                "Found",
                async step =>
                    await EnterAsync(
                        step,
                        NextState
                            .GoTo("Gather")
                            .Spawn(
                                Enumerable
                                    .Range(1, Members)
                                    .Select(number => new ChildRequest(Order, $"{step.BusinessKey}/{number}"))
                            )
                            .WhenChildrenFinished()
                    ),
                goesTo: ["Gather"]
            )
            .State("Gather", GatherAsync, goesTo: ["Done"])
            .End("Done")
            .Build();

    /// <summary>Would sleep for a day, but is woken by its child.</summary>
    private static WorkflowDefinition PatientDefinition() =>
        WorkflowDefinitionBuilder
            .Named(Patient)
            .Retry(Quick)
            .Start(
                "Ask",
                step => NextState.GoTo("Sleep").Spawn(new ChildRequest(Waker, step.BusinessKey)),
                goesTo: ["Sleep"]
            )
            .State(
                "Sleep",
                async step =>
                    (await step.GetChildrenAsync()).All(child => child.Status == WorkflowStatus.Finished)
                        ? await EnterAsync(step, NextState.GoTo("Done"))
                        : NextState.GoTo("Sleep").After(TimeSpan.FromDays(1)),
                goesTo: ["Sleep", "Done"]
            )
            .End("Done")
            .Build();

    private static WorkflowDefinition WakerDefinition() =>
        WorkflowDefinitionBuilder
            .Named(Waker)
            .Retry(Quick)
            .Start("Doze", step => NextState.GoTo("Wake").After(Jitter(step, 500)), goesTo: ["Wake"])
            .State("Wake", async step => await EnterAsync(step, NextState.GoTo("Done").WakeParent()), goesTo: ["Done"])
            .End("Done")
            .Build();

    /// <summary>Waits for a payment signal, sends one reminder at a deadline, and gives up at the next.</summary>
    private static WorkflowDefinition ParcelDefinition() =>
        WorkflowDefinitionBuilder
            .Named(Parcel)
            .Retry(Quick)
            .Start("Bill", step => Awaiting(step, 4000, "Remind"), goesTo: ["Ship", "Remind"])
            .State("Remind", step => Awaiting(step, 2000, "GiveUp"), goesTo: ["Ship", "GiveUp"])
            .State(
                "Ship",
                async step =>
                {
                    step.Variables[Taken] = $"{step.Variables[Taken]} {step.Signal!.Json}";
                    return (step.WorkflowId + step.Attempt) % 3 == 0
                        ? throw new InvalidOperationException("The van is away.")
                        : await EnterAsync(step, NextState.GoTo("Done"));
                },
                goesTo: ["Done"]
            )
            .State("GiveUp", async step => await EnterAsync(step, NextState.GoTo("Done")), goesTo: ["Done"])
            .End("Done")
            .Build();

    private static WorkflowDefinition TickDefinition() =>
        WorkflowDefinitionBuilder
            .Named(Tick)
            .Retry(Quick)
            .Start("Wait", step => NextState.GoTo("Tick").After(Jitter(step, 1500)), goesTo: ["Tick"])
            .State("Tick", async step => await EnterAsync(step, NextState.GoTo("Done")), goesTo: ["Done"])
            .End("Done")
            .Build();

    /// <summary>The payloads of the signals that a workflow has recorded as taken.</summary>
    public static IReadOnlyList<string> TakenBy(WorkflowRecord workflow) =>
        (Variables.Parse(workflow.StateVars)[Taken] ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static NextState Awaiting(StepContext step, int most, string late) =>
        NextState.WaitFor(Paid).OrAfter(Jitter(step, most), late).Then("Ship");

    /// <summary>Finishes at once on any executor but one, which stays in the state until a file exists.</summary>
    private static WorkflowDefinition HeldDefinition() =>
        WorkflowDefinitionBuilder
            .Named(Held)
            .Retry(Quick)
            .Start(
                "Hold",
                async step =>
                {
                    if (step.Variables[Holder] == Environment.GetEnvironmentVariable("EXECUTOR_NAME"))
                    {
                        await WaitForFileAsync(step.Variables[Gate]!);
                    }

                    return await EnterAsync(step, NextState.GoTo("Done"));
                },
                goesTo: ["Done"]
            )
            .End("Done")
            .Build();

    /// <summary>Finishes at once on any executor but one, whose thread pool is exhausted until it reads a line of input.</summary>
    private static WorkflowDefinition StarvedDefinition() =>
        WorkflowDefinitionBuilder
            .Named(Starved)
            .Retry(Quick)
            .Start(
                "Starve",
                step =>
                {
                    if (step.Variables[Holder] == Environment.GetEnvironmentVariable("EXECUTOR_NAME"))
                    {
                        using var pool = new StarvedPool();
                        Console.WriteLine(PoolIsStarved);
                        Console.In.ReadLine();
                    }

                    return EnterAsync(step, NextState.GoTo("Done"));
                },
                goesTo: ["Done"]
            )
            .End("Done")
            .Build();

    /// <summary>Ignores its token, like a call that hangs. What it does afterwards must be fenced.</summary>
    private static async Task WaitForFileAsync(string file)
    {
        while (!File.Exists(file))
        {
            await Task.Delay(20);
        }
    }

    private static async Task<NextState> GatherAsync(StepContext step)
    {
        var children = await step.GetChildrenAsync();
        return children.Count == Members && children.All(child => child.Status == WorkflowStatus.Finished)
            ? await EnterAsync(step, NextState.GoTo("Done"))
            : throw new NotRetryableException("The join came before the children had finished.");
    }

    private static async Task<NextState> EnterAsync(StepContext step, NextState next)
    {
        await Task.Yield();
        step.OnCommit(
            async (connection, transaction, cancellation) =>
            {
                await using var insert = connection.CreateCommand();
                insert.Transaction = transaction;
                insert.CommandText = "INSERT INTO ledger (workflow_id, step_key) VALUES (@workflow, @step)";
                insert.Parameters.Add(Parameter(insert, "@workflow", step.WorkflowId));
                insert.Parameters.Add(Parameter(insert, "@step", step.StepKey));
                await insert.ExecuteNonQueryAsync(cancellation);
            }
        );
        return next;
    }

    private static DbParameter Parameter(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        return parameter;
    }

    private static TimeSpan Jitter(StepContext step, int most) =>
        TimeSpan.FromMilliseconds(step.WorkflowId * 37 % most);
}
