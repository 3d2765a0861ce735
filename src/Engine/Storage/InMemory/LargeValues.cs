using System.Text;
using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Storage.InMemory;

/// <summary>Leaves out of search results what the search does not want.</summary>
internal static class LargeValues
{
    /// <summary>A workflow without its variables if they are not wanted, and without values that have more bytes than wanted.</summary>
    public static WorkflowRecord LeftOut(WorkflowRecord workflow, bool withVariables, int largest) =>
        workflow with
        {
            StateVars = withVariables ? UpTo(largest, workflow.StateVars) : Variables.EmptyJson,
            Output = workflow.Output is { } output ? UpTo(largest, output) : null,
        };

    /// <summary>A signal without its payload if that has more bytes than wanted.</summary>
    public static SignalRecord LeftOut(SignalRecord signal, int largest) =>
        signal with
        {
            Payload = UpTo(largest, signal.Payload),
        };

    private static string UpTo(int largest, string json) => Encoding.UTF8.GetByteCount(json) > largest ? "" : json;
}
