using System.Text.Json;
using System.Text.Json.Serialization;
using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Engine.Tests.Jobs;
using GopherFlow.Hosting;
using GopherFlow.Operations;
using GopherFlow.Operations.Jobs;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Typed;

/// <summary>The definition of a typed class, and the effect of the application's converters.</summary>
public sealed class TypedDefinitionTests
{
    private static readonly EngineOptions WithConverter = new()
    {
        VariablesJson = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            Converters = { new NumberOfCustomer() },
        },
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void A_state_that_waits_for_a_record_is_drawn_as_a_manual_state()
    {
        var definition = DefinitionOf<Orders>();

        Assert.Contains("    class Approval manualClass;\n", MermaidText.Of(definition), StringComparison.Ordinal);
        Assert.Equal(
            ["Approval: Decision"],
            DefinitionShape
                .Parse(DefinitionShape.Of(definition).ToJson())
                .States.Where(state => state.Signal is not null)
                .Select(state => $"{state.Name}: {state.Signal}")
        );
    }

    [Fact]
    public void Changing_the_awaited_signal_changes_the_version()
    {
        Assert.Equal(Waiting("Decision").Version, Waiting("Decision").Version);
        Assert.NotEqual(Waiting("Decision").Version, Waiting("Verdict").Version);
    }

    [Fact]
    public async Task Converters_of_the_application_read_input_data_and_signals()
    {
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.Sqlite,
            g => g.AddWorkflow<Partings>(),
            WithConverter
        );
        var id = await engine.CreateAsync("Partings", variables: Variables.Parse("""{"customer":7}"""));
        await engine.UntilAsync(id, workflow => workflow.AwaitedSignals?.All.Contains("ready") == true);
        var ready = SendSignal.Of(new Answer(default), "ann") with { Name = "ready", WorkflowId = id };
        await engine.Signals.SendAsync(ready, Stop);
        await engine.UntilAsync(id, workflow => workflow.AwaitedSignals?.All.Contains("Answer") == true);

        await engine.Signals.SendAsync(AnswerOf(7) with { WorkflowId = id }, Stop);

        var done = await engine.UntilAsync(id, WorkflowStatus.Finished);
        Assert.Equal("""{"customer":7,"answer":"Answer by 7"}""", done.Output);
        Assert.Equal("""{"customer":7,"answer":"Answer by 7"}""", done.StateVars);
    }

    [Fact]
    public async Task The_result_of_a_step_takes_precedence_over_that_of_the_end()
    {
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.Sqlite,
            g => g.AddWorkflow<Partings>(),
            WithConverter
        );
        var id = await engine.CreateAsync("Partings", variables: Variables.Parse("""{"customer":7}"""));
        await engine.Signals.SendAsync(AnswerOf(8) with { WorkflowId = id }, Stop);
        await engine.Signals.SendAsync(AnswerOf(8) with { Name = "ready", WorkflowId = id }, Stop);

        var done = await engine.UntilAsync(id, WorkflowStatus.Finished);

        Assert.Equal("""{"customer":8,"answer":"someone else"}""", done.Output);
    }

    [Fact]
    public async Task A_job_rejects_a_payload_of_the_wrong_shape()
    {
        await using var engine = await EngineHarness.StartAsync(StoreKind.Sqlite, g => g.AddWorkflow<Orders>());
        var id = await engine.CreateAsync("Orders", variables: Variables.Parse("""{"customer":"ada","total":2000}"""));
        await engine.UntilAsync(id, workflow => workflow.AwaitedSignals is not null);

        var job = await Crowd.DoAsync(
            engine,
            Crowd.Pause with
            {
                Operation = new JobOperation.Signal("Decision") { Payload = """{"approved":true}""" },
                Filter = new() { WorkflowTypes = ["Orders"] },
            }
        );

        var failure = Assert.Single(await engine.Jobs.FailuresAsync(job.Id, cancellation: Stop));
        Assert.StartsWith(
            "The payload does not fit at '$.by'; expected Decision",
            failure.Reason,
            StringComparison.Ordinal
        );
        Assert.Empty(await engine.Store.SignalsAsync(new SignalSearch(id), Stop));
    }

    [Fact]
    public void A_state_reference_converts_to_its_bare_name()
    {
        var later = NextState.GoTo("Ship").After(days: 1, hours: 2, minutes: 3, seconds: 4);

        Assert.Equal(new TimeSpan(1, 2, 3, 4), later.Activation.Delay);
        Assert.Equal(
            new Deadline("Late", null, TimeSpan.FromHours(1)),
            NextState.GoTo("Ask").OrAfter(NextState.GoTo("Late"), hours: 1).Deadline
        );
        Assert.Throws<ArgumentException>(() => NextState.GoTo("Ask").OrAfter(later, hours: 1));
        Assert.Throws<ArgumentException>(() => NextState.WaitFor("paid").Then(NextState.GoTo("Ship").Log("x")));
    }

    private static SendSignal AnswerOf(int customer) =>
        SendSignal.Of(new Answer(new CustomerId(customer)), "ann", WithConverter.VariablesJson);

    private static WorkflowDefinition Waiting(string signal) =>
        new(
            "W",
            "",
            [
                new StateDefinition("A", StateType.Start, ["B"]),
                new StateDefinition("B", StateType.Normal, ["C"]) { Signal = new SignalContract(signal) },
                new StateDefinition("C", StateType.End, []),
            ]
        );

    private static WorkflowDefinition DefinitionOf<TWorkflow>()
        where TWorkflow : Workflow => new GopherFlowRegistration().AddWorkflow<TWorkflow>().Build().All.Single();

    private sealed class NumberOfCustomer : JsonConverter<CustomerId>
    {
        public override CustomerId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(reader.GetInt32());

        public override void Write(Utf8JsonWriter writer, CustomerId value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value.Number);
    }
}
