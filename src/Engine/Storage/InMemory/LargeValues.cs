using System.Text;
using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Storage.InMemory;

/// <summary>What a search leaves out of what it finds.</summary>
internal static class LargeValues
{
    /// <summary>A workflow without variables that are not wanted, and without values of more bytes than are wanted.</summary>
    public static WorkflowRecord LeftOut(WorkflowRecord workflow, bool withVariables, int largest) =>
        workflow with
        {
            StateVars = withVariables ? UpTo(largest, workflow.StateVars) : Variables.EmptyJson,
            Output = workflow.Output is { } output ? UpTo(largest, output) : null,
        };

    /// <summary>A signal without a payload of more bytes than are wanted.</summary>
    public static SignalRecord LeftOut(SignalRecord signal, int largest) =>
        signal with
        {
            Payload = UpTo(largest, signal.Payload),
        };

    private static string UpTo(int largest, string json) => Encoding.UTF8.GetByteCount(json) > largest ? "" : json;
}
