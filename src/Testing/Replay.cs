using GopherFlow.Definitions;
using GopherFlow.Testing.Replaying;
using Microsoft.Extensions.DependencyInjection;

namespace GopherFlow.Testing;

/// <summary>
/// Replays the history of a real workflow against the current code. Each step runs with the variables, the signal and the clock that it
/// had originally, and its outcome is compared: target, what it waits for, children, variables, result. External calls go to the services
/// of the test, so provide fakes that give the original answers. Failed attempts that were retried are not replayed.
/// </summary>
public static class Replay
{
    /// <summary>Replays a history against a definition.</summary>
    /// <param name="export">The history.</param>
    /// <param name="definition">The current definition.</param>
    /// <param name="services">The services that its functions need.</param>
    /// <param name="options">Options of the replay.</param>
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
