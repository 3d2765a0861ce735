using GopherFlow.Authoring;
using GopherFlow.Testing.Running;

namespace GopherFlow.Testing.Replaying;

/// <summary>Runs one state function with a virtual clock that advances only when the function waits for it.</summary>
internal sealed class StepRun
{
    private readonly Pulse pulse = new();
    private readonly Strand strand;
    private readonly TurnedClock turned;
    private readonly FlowClock clock;

    public StepRun(DateTimeOffset began)
    {
        strand = new Strand(pulse.Beat);
        turned = new TurnedClock(began);
        clock = new FlowClock(turned, strand.Nudge);
    }

    public TimeProvider Clock => clock;

    /// <exception cref="TimeoutException">It takes longer than the timeout in real time.</exception>
    public async Task<NextState> RunAsync(StateFunction function, StepContext step, TimeSpan timeout)
    {
        var call = new StepCall(step);
        var running = strand.RunAsync(() => CallAsync(function, step, call));
        while (true)
        {
            var next = pulse.Next;
            if (running.IsCompleted)
            {
                return await running.ConfigureAwait(false);
            }

            if (strand.IsEmpty && call.NextTimer is { } due)
            {
                await strand.RunAsync(() => turned.TurnTo(due)).ConfigureAwait(false);
            }
            else
            {
                await next.WaitAsync(timeout).ConfigureAwait(false);
            }
        }
    }

    private async Task<NextState> CallAsync(StateFunction function, StepContext step, StepCall call)
    {
        clock.Current = call;
        try
        {
            return await function(step);
        }
        finally
        {
            call.Return();
        }
    }
}
