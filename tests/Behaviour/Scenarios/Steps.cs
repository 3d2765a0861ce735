using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace GopherFlow.Behaviour;

/// <summary>What a step knows of its workflow.</summary>
internal sealed class StepFacts : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(Machine().Start("Work", Work, ["Done"]).End("Done").Build());

    private static NextState Work(StepContext step)
    {
        step.Variables["who"] =
            $"{step.WorkflowId} {step.ExternalId} {step.BusinessKey} {step.WorkflowType} {step.State} {step.Attempt}";
        step.Variables["when"] = step.Clock.GetUtcNow().ToString("yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture);
        step.Variables["names"] = string.Join(' ', step.Variables.Names);
        return GoTo("Done");
    }

    protected override async Task PlayAsync(Scene scene)
    {
        var done = await scene.RunAsync(WorkflowStatus.Finished, """{"given":[1]}""");

        var variables = Variables.Parse(done.StateVars);
        Assert.Equal($"{done.Id} one test StepFacts Work 1", variables["who"]);
        Assert.Equal("2026-01-01 00:00 +00:00", variables["when"]);
        Assert.Equal(("[1]", "given who when"), (variables["given"], variables["names"]));
    }
}

/// <summary>A synchronous function and the two kinds of asynchronous ones.</summary>
internal sealed class Functions : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) => flow.AddWorkflow<OfThreeKinds>();

    protected override async Task PlayAsync(Scene scene)
    {
        var id = await scene.CreateAsync();
        await scene.Gates.ReachedAsync("task");
        scene.Gates.Open("task", "from a task");
        await scene.Gates.ReachedAsync("async");
        scene.Gates.Open("async", "from an async");
        var done = await scene.UntilAsync(id, WorkflowStatus.Finished);

        Assert.Equal("""{"plain":"at once","task":"from a task","async":"from an async"}""", done.StateVars);
    }

    [Workflow(nameof(Functions))]
    private sealed class OfThreeKinds(Gates gates) : Workflow
    {
        [End]
        public const string Done = "Done";

        [Start, GoesTo(nameof(InATask))]
        public NextState Plain()
        {
            Variables["plain"] = "at once";
            return GoTo(nameof(InATask));
        }

        [State, GoesTo(nameof(InAnAsync))]
        public async Task<NextState> InATask()
        {
            Variables["task"] = await gates.PassAsync("task");
            return GoTo(nameof(InAnAsync));
        }

        [State, GoesTo(Done)]
        public async ValueTask<NextState> InAnAsync(StepContext step, CancellationToken stop)
        {
            step.Variables["async"] = await gates.PassAsync("async").WaitAsync(stop);
            return GoTo(Done);
        }
    }
}

/// <summary>States can have any name.</summary>
internal sealed class OddNames : Scenario
{
    private const string Start = "Prüfung läuft";
    private const string Quoted = "a \"quoted\" -> name; 100% 'sure' {0}";
    private const string Beaver = "🦫";
    private const string End = "end";

    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(
            Machine()
                .Start(Start, _ => GoTo(Quoted), [Quoted])
                .State(Quoted, _ => GoTo(Beaver).After(TimeSpan.FromSeconds(1)), [Beaver])
                .State(Beaver, _ => GoTo(End), [End])
                .End(End)
                .Build()
        );

    protected override async Task PlayAsync(Scene scene)
    {
        var id = await scene.CreateAsync();
        await scene.PassAsync(id, Beaver, TimeSpan.FromSeconds(1));
        await scene.UntilAsync(id, WorkflowStatus.Finished);

        await scene.HistoryIsAsync(
            id,
            $"CREATED {Start}: Created",
            $"TRANSITION {Start}: From {Start} to {Quoted}",
            $"TRANSITION {Quoted}: From {Quoted} to {Beaver}",
            $"SCHEDULE_ACTIVATION {Beaver}: 2026-01-01T00:00:01Z",
            $"TRANSITION {Beaver}: From {Beaver} to {End}",
            $"END {End}: workflow complete"
        );
    }
}

/// <summary>A scoped service of the application, with one scope per step.</summary>
internal sealed class Services : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) => flow.AddWorkflow<Greeter>();

    protected override void AddServices(IServiceCollection services) => services.AddScoped<Visitor>();

    protected override async Task PlayAsync(Scene scene)
    {
        var done = await scene.RunAsync(WorkflowStatus.Finished);

        Assert.Equal("""{"first":"hello test, 2 times","second":"hello test, 1 times"}""", done.StateVars);
    }

    [Workflow(nameof(Services))]
    private sealed class Greeter(Visitor visitor) : Workflow
    {
        [End]
        public const string Done = "Done";

        [Start, GoesTo(nameof(Second))]
        public NextState First()
        {
            visitor.Greet("nobody");
            Variables["first"] = Step.Services.GetRequiredService<Visitor>().Greet(Step.BusinessKey);
            return GoTo(nameof(Second));
        }

        [State, GoesTo(Done)]
        public NextState Second()
        {
            Variables["second"] = visitor.Greet(Step.BusinessKey);
            return GoTo(Done);
        }
    }
}
