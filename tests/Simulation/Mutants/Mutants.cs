namespace GopherFlow.Simulation;

/// <summary>What is put in the place of something good; nothing where it is null.</summary>
internal sealed record Mutants
{
    public Mutation? Store { get; init; }

    public ExecutorMutation? Executor { get; init; }

    public JobMutation? Jobs { get; init; }

    public ScheduleMutation? Schedules { get; init; }
}
