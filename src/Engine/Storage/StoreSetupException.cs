namespace GopherFlow.Storage;

/// <summary>The database cannot be used: it cannot be opened, or it was written by a newer program.</summary>
public sealed class StoreSetupException : Settings.SetupException
{
    /// <summary>Creates the exception; <paramref name="fault"/> says what is wrong and what to do.</summary>
    public StoreSetupException(string fault, Exception? inner = null)
        : base("database", [fault], inner) { }
}
