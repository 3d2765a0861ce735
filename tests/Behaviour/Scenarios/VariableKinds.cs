using System.Text.Json.Serialization;

namespace GopherFlow.Behaviour;

/// <summary>Values of many types are written identically by both languages and read back unchanged.</summary>
internal sealed class TypedVariables : Scenario
{
    private static readonly Order Written = new(
        new Customer("Änn", Mail: null),
        [new Line("spade", 12.5m, Colour.Green), new Line("rake", 3m, Colour.Red)]
    );

    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(Machine().Start("Write", Write, ["Read"]).State("Read", Read, ["Done"]).End("Done").Build());

    private static NextState Write(StepContext step)
    {
        step.Variables["text"] = "a \"text\" 🦫";
        step.Variables.Set("number", 42);
        step.Variables.Set("flag", true);
        step.Variables.Set("colour", Colour.Red);
        step.Variables.Set("order", Written);
        step.Variables.Set<string[]>("tags", ["a", "b"]);
        step.Variables.Set("stock", new Dictionary<string, int> { ["spade"] = 3 });
        step.Variables.Set("when", step.Clock.GetUtcNow());
        return GoTo("Read");
    }

    private static NextState Read(StepContext step)
    {
        var order = step.Variables.Get<Order>("order");
        var total = order.Lines.Sum(line => line.Price) * step.Variables.Get<int>("number");
        var greens = order.Lines.Count(line => line.Colour == Colour.Green);
        step.Variables["read"] =
            $"{order.Customer.Name} {order.Customer.Mail ?? "none"} {total} {greens} "
            + $"{step.Variables.Get<string[]>("tags").Length} {step.Variables.Get<Dictionary<string, int>>("stock")["spade"]} "
            + $"{step.Variables.Get<DateTimeOffset>("when") == step.Clock.GetUtcNow()}";
        step.Variables["asText"] = step.Variables["tags"];
        return GoTo("Done");
    }

    protected override async Task PlayAsync(Scene scene)
    {
        var done = await scene.RunAsync(WorkflowStatus.Finished);

        var variables = Variables.Parse(done.StateVars);
        Assert.Equal("a \"text\" 🦫", variables["text"]);
        Assert.Equal(("42", "true", "Red"), (variables["number"], variables["flag"], variables["colour"]));
        Assert.Equal(
            """{"customer":{"name":"Änn","mail":null},"lines":[{"article":"spade","price":12.5,"colour":"Green"},{"article":"rake","price":3,"colour":"Red"}]}""",
            System.Text.RegularExpressions.Regex.Unescape(variables["order"]!)
        );
        Assert.Equal(("""["a","b"]""", """{"spade":3}"""), (variables["tags"], variables["stock"]));
        Assert.Equal("2026-01-01T00:00:00+00:00", variables["when"]);
        Assert.Equal("Änn none 651.0 1 2 3 True", variables["read"]);
        Assert.Equal("""["a","b"]""", variables["asText"]);
    }

    [JsonConverter(typeof(JsonStringEnumConverter<Colour>))]
    private enum Colour
    {
        Red,
        Green,
    }

    private sealed record Customer(string Name, string? Mail);

    private sealed record Line(string Article, decimal Price, Colour Colour);

    private sealed record Order(Customer Customer, IReadOnlyList<Line> Lines);
}

/// <summary>A removed, a null and a missing variable.</summary>
internal sealed class RemovedVariable : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) => flow.AddWorkflow<Remover>();

    protected override async Task PlayAsync(Scene scene)
    {
        var done = await scene.RunAsync(WorkflowStatus.Finished, """{"gone":1,"kept":"k"}""");

        Assert.Equal("""{"kept":"k","nothing":null,"something":"s"}""", done.StateVars);
        Assert.Equal(["removed: True", "removed: False", "there: False True", "value: False True"], scene.Notes.Lines);
    }

    [Workflow(nameof(RemovedVariable))]
    private sealed class Remover(Notebook notes) : Workflow
    {
        [End]
        public const string Done = "Done";

        [Start, GoesTo(nameof(Look))]
        public NextState Change()
        {
            notes.Write($"removed: {Variables.Remove("gone")}");
            notes.Write($"removed: {Variables.Remove("gone")}");
            Variables.Set<string?>("nothing", null);
            Variables.Set<string?>("something", "s");
            return GoTo(nameof(Look));
        }

        [State, GoesTo(Done)]
        public NextState Look()
        {
            notes.Write($"there: {Variables.Contains("gone")} {Variables.Contains("nothing")}");
            notes.Write(
                $"value: {Variables.TryGet<string>("nothing", out _)} {Variables.TryGet<string>("something", out _)}"
            );
            return GoTo(Done);
        }
    }
}

/// <summary>Variables that are only read keep their exact JSON text.</summary>
internal sealed class UnchangedVariables : Scenario
{
    private const string Given = """{ "b" : 1.50, "a" : [ 1, 2 ] }""";

    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(
            Machine().Start("Read", step => GoTo("Done").Log($"{step.Variables["b"]}"), ["Done"]).End("Done").Build()
        );

    protected override async Task PlayAsync(Scene scene)
    {
        var done = await scene.RunAsync(WorkflowStatus.Finished, Given);

        Assert.Equal(Given, done.StateVars);
        await scene.HistoryHasAsync(done.Id, "LOG Done: 1.50");
    }
}

/// <summary>A variable changed and changed back has its old value, and the others are kept.</summary>
internal sealed class ChangedBack : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(
            Machine()
                .Start("First", step => Set(step, "changed", "Second"), ["Second"])
                .State("Second", step => Set(step, "original", "Done"), ["Done"])
                .End("Done")
                .Build()
        );

    private static NextState Set(StepContext step, string value, string next)
    {
        step.Variables["x"] = value;
        return GoTo(next);
    }

    protected override async Task PlayAsync(Scene scene)
    {
        var done = await scene.RunAsync(WorkflowStatus.Finished, """{"x":"original","other":1}""");

        Assert.Equal("""{"x":"original","other":1}""", done.StateVars);
    }
}

/// <summary>A failed attempt leaves no variables.</summary>
internal sealed class DroppedVariables : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(
            Machine()
                .Retry(RetryPolicy.Linear(1, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10)))
                .Start("Work", Work, ["Done"])
                .End("Done")
                .Build()
        );

    private static NextState Work(StepContext step)
    {
        step.Variables.Set($"attempt {step.Attempt}", true);
        return step.Attempt == 1 ? throw new InvalidOperationException("not yet") : GoTo("Done");
    }

    protected override async Task PlayAsync(Scene scene)
    {
        var id = await scene.CreateAsync();
        var parked = await scene.ParkedAsync(id, "Work", TimeSpan.FromSeconds(10));
        Assert.Equal("{}", parked.StateVars);
        scene.Engine.Clock.Advance(TimeSpan.FromSeconds(10));
        var done = await scene.UntilAsync(id, WorkflowStatus.Finished);

        Assert.Equal("""{"attempt 2":true}""", done.StateVars);
        Assert.Equal((0, 2, 1), (done.RetryCount, done.ExecutionCount, done.Step));
    }
}

/// <summary>A variable of one million characters.</summary>
internal sealed class LargeVariable : Scenario
{
    private const int Size = 1_000_000;

    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(Machine().Start("Write", Write, ["Read"]).State("Read", Read, ["Done"]).End("Done").Build());

    private static NextState Write(StepContext step)
    {
        step.Variables["large"] = new string('x', Size);
        return GoTo("Read");
    }

    private static NextState Read(StepContext step)
    {
        step.Variables.Set("length", step.Variables["large"]!.Length);
        return GoTo("Done");
    }

    protected override async Task PlayAsync(Scene scene)
    {
        var done = await scene.RunAsync(WorkflowStatus.Finished);

        Assert.Equal($$"""{"large":"{{new string('x', Size)}}","length":{{Size}}}""", done.StateVars);
    }
}
