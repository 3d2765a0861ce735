namespace GopherFlow.Conformance.Setting;

/// <summary>Random workflows of every kind, with few different values, so that several workflows share each value.</summary>
public static class AnyWorkflows
{
    public static readonly string[] Types = [A.Type, "order", "Ünter 1"];
    public static readonly string[] Versions = ["v1", "v2"];
    public static readonly string[] Groups = [A.Group, "night"];
    public static readonly string[] Keys =
    [
        "a",
        "A",
        "ab",
        "a%c",
        "a_c",
        "ä",
        "ä€",
        "😀",
        "😀x",
        "a ",
        "\uD7FF",
        "\uE000",
    ];
    public static readonly string[] States = [A.FirstState, "Review", "Done "];

    private static readonly WorkflowEvent[] Events =
    [
        new Paused("ann"),
        new Cancelled("ann"),
        A.Move("Review", WorkflowStatus.Waiting),
        A.Move("Done ", WorkflowStatus.Finished),
        A.Move("Review", WorkflowStatus.Error),
        A.Move("Review"),
    ];

    /// <summary>Creates workflows and returns them in the order of their ids. A second passes after each.</summary>
    public static async Task<IReadOnlyList<WorkflowRecord>> CreateAsync(Scene scene, Random chance, int count)
    {
        var ids = (await scene.FamilyAsync(children: 2)).Children.Select(child => child.Id).ToList();
        for (var number = 0; number < count; number++)
        {
            var create = A.Workflow($"any {number}") with
            {
                WorkflowType = Any(Types),
                Version = Any(Versions),
                BusinessKey = Any(Keys),
                ExecutorGroup = Any(Groups),
                State = Any(States),
                NextActivation = A.FirstInstant.AddSeconds(chance.Next(2 * count)),
                StateVars = chance.Next(2) == 0 ? """{"a":1}""" : "{}",
                ClaimedBy = chance.Next(2) == 0 ? scene.Executor : null,
            };
            var id = (await scene.CreateAsync(create)).Creates[0].Id;
            ids.Add(id);
            scene.Pass(seconds: 1);
            if (create.ClaimedBy is not null && chance.Next(5) > 0)
            {
                await scene.HappensAsync(id, Attempt(await scene.FindAsync(id), scene.Now, chance));
            }
            else if (create.ClaimedBy is null && chance.Next(3) > 0)
            {
                await scene.HappensAsync(id, Any(Events));
            }
        }

        return [.. (await scene.SearchAsync(new WorkflowSearch { Limit = 1000 })).Reverse()];

        T Any<T>(T[] values) => values[chance.Next(values.Length)];
    }

    /// <summary>The end of an attempt: the workflow finishes, or waits for something, often until an instant.</summary>
    private static AttemptEnded Attempt(WorkflowRecord before, DateTimeOffset now, Random chance)
    {
        var state = States[chance.Next(States.Length)];
        var later = now.AddSeconds(chance.Next(80));
        return chance.Next(6) switch
        {
            0 => before.RetriesAfter(later - now).Ended,
            1 => before.ParksUntil(later, state).Ended,
            2 => (before.AwaitsItsChildren() with { Children = [A.Workflow($"of {before.ExternalId}")] }).Ended,
            3 => before.Transition(state, WorkflowStatus.Finished).Ended,
            _ => new StepSucceeded(
                before.Lease,
                before.ExecutionCount,
                new TargetState(state, WorkflowStatus.Executing)
            )
            {
                Activation = new Activation(ActivationKind.WhenSignalled),
                AwaitedSignals = SignalNames.Of(["paid"]),
                Deadline = chance.Next(2) == 0 ? new Deadline(A.FirstState, later, default) : null,
            },
        };
    }
}
