namespace GopherFlow.Simulation;

/// <summary>The faulty replacements of a run; null where nothing is replaced.</summary>
internal sealed record Mutants
{
    public Mutation? Store { get; init; }

    public ExecutorMutation? Executor { get; init; }

    public JobMutation? Jobs { get; init; }

    public ScheduleMutation? Schedules { get; init; }
}
