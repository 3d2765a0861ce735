namespace GopherFlow.Behaviour;

/// <summary>The one list of scenarios.</summary>
internal static class Scenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new GoingOn(),
        new SelfLoop(),
        new LogLines(),
        new EndOrError(),
        new ManualMove(),
        new StepFacts(),
        new Functions(),
        new OddNames(),
        new Services(),
        new AfterADuration(),
        new AtAnInstant(),
        new InThePast(),
        new FinalStateWaits(),
        new LinearRetry(),
        new ExponentialRetry(),
        new CountBeginsAnew(),
        new OwnPolicy(),
        new NotRetryable(),
        new Timeouts(),
        new StepKeys(),
        new UndeclaredTransition(),
        new EmptyTarget(),
        new NullResult(),
        new LostState(),
        new TypedVariables(),
        new RemovedVariable(),
        new EnumVariables(),
        new ConvertedVariables(),
        new MissingVariable(),
        new FallbackVariable(),
        new UnreadableVariable(),
        new UnchangedVariables(),
        new ChangedBack(),
        new DroppedVariables(),
        new LargeVariable(),
        new ChildrenOfTheCommit(),
        new LazyChildren(),
        new WakeAsleep(),
        new WakeRunning(),
        new Join(),
        new JoinOfNone(),
        new UnknownChild(),
        new TakenChildId(),
        new OnCommitOnce(),
        new OnCommitFails(),
        new CancelledOnStop(),
        new FinishedBeforeStop(),
    ];

    public static Scenario Named(string name) => All.Single(scenario => scenario.Name == name);
}
