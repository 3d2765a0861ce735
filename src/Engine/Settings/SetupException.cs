namespace GopherFlow.Settings;

/// <summary>
/// Something that the person who starts the program must mend: settings, definitions, a database that cannot be opened. Thrown
/// before anything runs; the message lists every fault on a line of its own and is meant to be printed as it is.
/// </summary>
public abstract class SetupException : Exception
{
    /// <summary>With what is faulty ("settings") and the faults.</summary>
    private protected SetupException(string subject, IReadOnlyList<string> faults, Exception? inner = null)
        : base(Compose(subject, faults), inner) => Faults = faults;

    /// <summary>Every fault, one sentence each.</summary>
    public IReadOnlyList<string> Faults { get; }

    private static string Compose(string subject, IReadOnlyList<string> faults) =>
        $"GopherFlow cannot start: {faults.Count} {(faults.Count == 1 ? "fault" : "faults")} in its {subject}.{Environment.NewLine}"
        + string.Join(Environment.NewLine, faults.Select(fault => $"  - {fault}"));
}
