namespace GopherFlow.TestSupport;

/// <summary>The kinds of stores that tests run on.</summary>
public enum StoreKind
{
    /// <summary>The in-memory store.</summary>
    InMemory,

    /// <summary>The SQLite store, on its own file.</summary>
    Sqlite,

    /// <summary>The PostgreSQL store, in its own schema on the server that <c>build.fsx test</c> starts.</summary>
    Postgres,

    /// <summary>The MySQL store, in its own database on the MariaDB server that <c>build.fsx test</c> starts.</summary>
    MariaDb,
}

/// <summary>The kinds of stores that can be tested in this environment.</summary>
public static class StoreKinds
{
    /// <summary>
    /// All kinds whose server is configured. With CI=true all kinds are included, so that a test without its server fails with a message.
    /// </summary>
    public static IReadOnlyList<StoreKind> Here { get; } =
    [.. Enum.GetValues<StoreKind>().Where(kind => IsRequired || ServerOf(kind) is not "")];

    private static bool IsRequired => Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>The administrator's connection string of the server of a kind.</summary>
    /// <exception cref="InvalidOperationException">No server is configured.</exception>
    internal static string RequireServerOf(StoreKind kind) =>
        ServerOf(kind) is { Length: > 0 } server
            ? server
            : throw new InvalidOperationException(
                $"{VariableOf(kind)} is not set, so {kind} cannot be tested; 'dotnet fsi build.fsx test' starts a server."
            );

    /// <summary>Null for a kind that needs no server, empty if the server is not configured.</summary>
    private static string? ServerOf(StoreKind kind) =>
        VariableOf(kind) is { } variable ? Environment.GetEnvironmentVariable(variable) ?? "" : null;

    private static string? VariableOf(StoreKind kind) =>
        kind switch
        {
            StoreKind.Postgres => "GFLOW_TEST_POSTGRES",
            StoreKind.MariaDb => "GFLOW_TEST_MARIADB",
            _ => null,
        };
}
