using Microsoft.Extensions.DependencyInjection;

namespace GopherFlow.Testing.Tests;

public sealed record Journey(bool HasCar);

public sealed class JourneyData
{
    public bool HasCar { get; init; }

    public List<string> Booked { get; init; } = [];
}

/// <summary>Books a journey, and cancels the bookings when no car is available.</summary>
[Workflow("Journeys")]
public sealed class Journeys(JourneyCalls calls) : Workflow<Journey, JourneyData, string>
{
    protected override RetryPolicy Retry => RetryPolicy.None;

    protected override JourneyData Begin(Journey input) => new() { HasCar = input.HasCar };

    [Start, GoesTo(nameof(BookHotel)), Compensate(nameof(CancelFlight))]
    public NextState BookFlight() => Book(GoTo(nameof(BookHotel)).After(hours: 1));

    [State, GoesTo(nameof(RentCar)), Compensate(nameof(CancelHotel))]
    public NextState BookHotel() => Book(GoTo(nameof(RentCar)));

    [State, GoesTo(nameof(Booked))]
    public NextState RentCar() =>
        Data.HasCar ? GoTo(nameof(Booked)) : throw new NotRetryableException("there is no car");

    [State, OnFailure, GoesTo(nameof(Cancelled))]
    public NextState GiveUp() => Compensate(then: nameof(Cancelled));

    [State]
    public NextState CancelHotel() => Cancel();

    [State]
    public NextState CancelFlight() => Cancel();

    [End]
    public string Booked() => string.Join(" and ", Data.Booked);

    [Error]
    public string Cancelled() => $"cancelled, {Data.Booked.Count} left";

    private NextState Book(NextState next)
    {
        calls.Keys.Add(Step.StepKey);
        Data.Booked.Add(Step.State);
        return next;
    }

    private NextState Cancel()
    {
        calls.Keys.Add($"cancel {Step.Undoes}");
        Data.Booked.RemoveAt(Data.Booked.Count - 1);
        return Undone();
    }
}

public sealed record Returned(string Place);

/// <summary>Rents a car after an approval. Its compensation also waits for a signal.</summary>
[Workflow("Rentals")]
public sealed class Rentals : Workflow<Journey>
{
    [End]
    public const string Ended = "Ended";

    [Start, GoesTo("Approval")]
    public NextState Ask() => GoTo("Approval");

    [Manual, GoesTo(nameof(GiveBack)), Compensate("Return")]
    public NextState OnApproval(Decision decision) => GoTo(nameof(GiveBack));

    [State, GoesTo(Ended)]
    public NextState GiveBack() => Compensate(Ended);

    [Manual]
    public NextState OnReturn(Returned returned) => Undone().Log(returned.Place);
}

/// <summary>The keys of the recorded calls.</summary>
public sealed class JourneyCalls
{
    public List<string> Keys { get; } = [];
}

/// <summary>Sagas in the test kit: crashes, replay and messages.</summary>
public sealed class SagaTests
{
    private static readonly string[] WholePath =
    [
        "BookFlight",
        "BookHotel",
        "RentCar",
        "GiveUp",
        "CancelHotel",
        "CancelFlight",
        "Cancelled",
    ];

    private static readonly string[] Flight = ["BookFlight"];

    public static TheoryData<string> States => [.. WholePath.Where(state => state is not ("RentCar" or "Cancelled"))];

    [Fact]
    public async Task Bookings_are_cancelled_and_the_result_is_that_of_the_end_state()
    {
        var (flow, calls) = await TestAsync();
        await using var _ = flow;

        var run = await flow.StartAsync(new Journey(HasCar: false));
        await run.EndAsync("Cancelled");

        run.AssertPath(WholePath)
            .AssertResult("cancelled, 0 left")
            .AssertData(new { HasCar = false, Booked = Array.Empty<string>() });
        Assert.Equal(["test-1:0", "test-1:1", "cancel test-1:1", "cancel test-1:0"], calls.Keys);
    }

    [Theory, MemberData(nameof(States))]
    public async Task A_crash_does_not_change_which_steps_are_compensated(string state)
    {
        var (flow, calls) = await TestAsync();
        await using var _ = flow;
        flow.CrashAt(state);

        var run = await flow.StartAsync(new Journey(HasCar: false));
        await run.EndAsync("Cancelled");

        run.AssertPath(WholePath).AssertResult("cancelled, 0 left");
        Assert.Equal(["test-1:0", "test-1:1", "cancel test-1:1", "cancel test-1:0"], calls.Keys.Distinct());
    }

    [Fact]
    public async Task A_manual_state_and_a_compensation_can_wait_for_signals()
    {
        await using var flow = await FlowTest.For<Rentals>();
        var run = await flow.StartAsync(new Journey(HasCar: true));
        Assert.DoesNotContain("$undo", run.Variables.ToJson());

        await run.SignalAsync(new Decision(Approved: true));
        run.AssertState("Return");
        Assert.Contains("$undo", run.Variables.ToJson());
        await run.SignalAsync(new Returned("the airport"));

        await run.EndAsync("Ended");
        run.AssertPath("Ask", "Approval", "GiveBack", "Return", "Ended");
        Assert.DoesNotContain("$undo", run.Variables.ToJson());
    }

    [Fact]
    public async Task The_compensation_list_is_not_part_of_the_data()
    {
        var (flow, _) = await TestAsync();
        await using var _1 = flow;
        flow.SkipWaits = false;

        var run = await flow.StartAsync(new Journey(HasCar: true));

        run.AssertState("BookHotel").AssertData(new { HasCar = true, Booked = Flight });
        flow.Advance(hours: 1);
        await run.EndAsync("Booked");
        run.AssertResult("BookFlight and BookHotel");
    }

    [Fact]
    public async Task A_changed_saga_is_reported_by_a_replay()
    {
        var (flow, _) = await TestAsync();
        await using var _1 = flow;
        var run = await flow.StartAsync(new Journey(HasCar: false));
        await run.EndAsync("Cancelled");
        var export = await run.ExportAsync();

        var same = await flow.ReplayAsync(export);
        same.AssertSame();
        Assert.Equal((6, 0), (same.Compared, same.NotComparable.Count));

        await using var today = await FlowTest.For(OnlyHotel());
        var changed = await today.ReplayAsync(export);
        var difference = Assert.Single(changed.Differences, each => each.State == "CancelHotel");
        Assert.Contains("it went to 'CancelFlight' at once", $"{difference}");
    }

    [Fact]
    public async Task The_diagram_of_a_message_shows_the_compensations()
    {
        var (flow, _) = await TestAsync();
        await using var _1 = flow;
        var run = await flow.StartAsync(new Journey(HasCar: false));

        var fault = await Assert.ThrowsAsync<FlowTestException>(() => run.UntilAsync("Booked"));

        Assert.Contains("  * BookHotel            -> RentCar  (undone by CancelHotel)", fault.Message);
    }

    private static async Task<(FlowTest Flow, JourneyCalls Calls)> TestAsync()
    {
        var calls = new JourneyCalls();
        return (await FlowTest.For<Journeys>(services => services.AddSingleton(calls)), calls);
    }

    /// <summary>A later version in which only the hotel has a compensation.</summary>
    private static WorkflowDefinition OnlyHotel() =>
        WorkflowDefinitionBuilder
            .Named("Journeys")
            .Start("BookFlight", _ => NextState.GoTo("BookHotel").After(hours: 1), ["BookHotel"])
            .State("BookHotel", _ => NextState.GoTo("RentCar"), ["RentCar"])
            .State("RentCar", NoCar, ["Booked"])
            .State("GiveUp", _ => NextState.Compensate("Cancelled"), ["Cancelled"])
            .State("CancelHotel", _ => NextState.Undone(), [])
            .Compensate("BookHotel", by: "CancelHotel")
            .OnFailure("GiveUp")
            .End("Booked")
            .Error("Cancelled")
            .Build();

    private static NextState NoCar(StepContext step) => throw new NotRetryableException("there is no car");
}
