using System.Globalization;

namespace GopherFlow.Bench;

/// <summary>Formats numbers for the tables.</summary>
internal static class Figures
{
    public static string Text(double number, int decimals = 0) =>
        number.ToString($"N{decimals}", CultureInfo.InvariantCulture);

    /// <summary>The median, with the minimum and the maximum if there are several numbers.</summary>
    public static string MedianAndRange(IEnumerable<double> numbers, int decimals)
    {
        double[] sorted = [.. numbers.Order()];
        var median = Text(Median(sorted), decimals);
        return sorted.Length < 2 ? median : $"{median} ({Text(sorted[0], decimals)} to {Text(sorted[^1], decimals)})";
    }

    private static double Median(double[] sorted) => (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
}
