using GopherFlow.Operations;
using GopherFlow.Storage;

namespace GopherFlow.TestSupport;

/// <summary>Formats histories as text.</summary>
public static class HistoryText
{
    /// <summary>The lines of a history, each as "TYPE name: text".</summary>
    /// <param name="history">Oldest first.</param>
    public static IEnumerable<string> Tell(this IEnumerable<ActionRecord> history) =>
        history.SelectMany(ActionLine.Of).Select(line => $"{line.Type} {line.Name}: {line.Text}");
}
