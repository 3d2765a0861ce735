namespace GopherFlow.Settings;

/// <summary>
/// A startup error that the operator must fix: invalid settings or definitions, or a database that cannot be opened. Thrown before anything
/// runs. The message lists each error on a separate line, and can be printed as it is.
/// </summary>
public abstract class SetupException : Exception
{
    /// <summary>Creates the exception from the name of what is invalid, such as "settings", and the errors.</summary>
    private protected SetupException(string subject, IReadOnlyList<string> faults, Exception? inner = null)
        : base(Compose(subject, faults), inner) => Faults = faults;

    /// <summary>All errors, one sentence each.</summary>
    public IReadOnlyList<string> Faults { get; }

    private static string Compose(string subject, IReadOnlyList<string> faults) =>
        $"GopherFlow cannot start: {faults.Count} {(faults.Count == 1 ? "fault" : "faults")} in its {subject}.{Environment.NewLine}"
        + string.Join(Environment.NewLine, faults.Select(fault => $"  - {fault}"));
}
