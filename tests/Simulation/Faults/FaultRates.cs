namespace GopherFlow.Simulation;

/// <summary>The probability of each fault in a call of the store. It depends on the seed, and is zero at the end.</summary>
internal sealed class FaultRates
{
    private static readonly double[] Rare = [0, 0.002, 0.005, 0.015];
    private static readonly double[] Common = [0, 0.02, 0.06, 0.15];

    public FaultRates(Chance chance)
    {
        Kill = chance.One(Rare);
        Pause = chance.One(Rare);
        LoseAnswer = chance.One(Common);
        FailBefore = chance.One(Common);
        Delay = chance.One(Common);
        FailClaim = FailBefore;
    }

    /// <summary>The process dies: before the call, after it, or at any other of its continuations.</summary>
    public double Kill { get; private set; }

    /// <summary>The process stalls, perhaps beyond its lease, and then continues.</summary>
    public double Pause { get; private set; }

    /// <summary>The call takes effect, but the caller gets an error.</summary>
    public double LoseAnswer { get; private set; }

    /// <summary>The call fails without effect.</summary>
    public double FailBefore { get; private set; }

    /// <summary>A claim fails without effect. The executor must repeat it at once.</summary>
    public double FailClaim { get; private set; }

    /// <summary>The request or its answer is delayed, sometimes by up to twice a lease.</summary>
    public double Delay { get; private set; }

    public void ClearUp(double failClaim = 0) =>
        (Kill, Pause, LoseAnswer, FailBefore, Delay, FailClaim) = (0, 0, 0, 0, 0, failClaim);
}

/// <summary>A transient error of the connection.</summary>
internal sealed class ConnectionLostException(string what) : Exception($"The connection was lost {what}.");
