using System.Text;

namespace GopherFlow.Tool.Output;

/// <summary>Formats rows in columns that are as wide as their longest text.</summary>
internal static class TextTable
{
    /// <summary>Formats the table, without a line break at the end.</summary>
    public static string Of(IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> rows)
    {
        IReadOnlyList<IReadOnlyList<string>> lines = [heads, .. rows];
        var widths = heads.Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            text.AppendLine(string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }

        return text.ToString().TrimEnd();
    }
}
