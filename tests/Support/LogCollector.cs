using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace GopherFlow.TestSupport;

/// <summary>Collects log lines and logged exceptions for tests.</summary>
public sealed class LogCollector : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<string> lines = [];
    private readonly ConcurrentQueue<Exception> failures = [];

    /// <summary>Every line so far, as "LEVEL: text (exception)".</summary>
    public IReadOnlyCollection<string> Lines => lines;

    /// <summary>Every exception logged so far.</summary>
    public IReadOnlyCollection<Exception> Failures => failures;

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) { }

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => true;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        ArgumentNullException.ThrowIfNull(formatter);
        if (exception is not null)
        {
            failures.Enqueue(exception);
        }

        lines.Enqueue(
            $"{logLevel}: {formatter(state, exception)}{(exception is null ? "" : $" ({exception.Message})")}"
        );
    }

    /// <inheritdoc/>
    public void Dispose() { }
}
