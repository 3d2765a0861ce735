using GopherFlow.Definitions;
using GopherFlow.Testing.Replaying;
using Microsoft.Extensions.DependencyInjection;

namespace GopherFlow.Testing;

/// <summary>
/// Runs the history of a real workflow against the code of today. Each step is run with the variables, the signal and the clock that it had then, and
/// what comes of it is compared: target, what it waits for, children, variables, result. What its functions call outside are the services of the
/// test, so give fakes that answer as it was. Attempts that failed and were tried again are not run.
/// </summary>
public static class Replay
{
    /// <summary>Runs a history against a definition.</summary>
    /// <param name="export">The history.</param>
    /// <param name="definition">The definition of today.</param>
    /// <param name="services">The services that its functions ask for.</param>
    /// <param name="options">How it is made.</param>
    public static async Task<ReplayReport> RunAsync(
        RunExport export,
        WorkflowDefinition definition,
        IServiceProvider? services = null,
        ReplayOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(export);
        ArgumentNullException.ThrowIfNull(definition);
        await using var none = services is null ? new ServiceCollection().BuildServiceProvider() : null;
        var course = new ReplayCourse(export, definition, services ?? none!, options ?? new ReplayOptions());
        return await course.RunAsync().ConfigureAwait(false);
    }
}
