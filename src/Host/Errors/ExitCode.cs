namespace Involute.Host.Errors;

/// <summary>Exit codes of the command; those above 63 follow BSD's sysexits where one fits.</summary>
internal static class ExitCode
{
    /// <summary>The command did what was asked.</summary>
    public const int Ok = 0;

    /// <summary>The command ran and the answer is no: a check failed.</summary>
    public const int CheckFailed = 1;

    /// <summary>The command line is wrong: a word is unknown, missing or too many.</summary>
    public const int Usage = 2;

    /// <summary>The cluster has downed this node; a supervisor should restart it.</summary>
    public const int Downed = 3;

    /// <summary>The value of an option or a setting is wrong; nothing was written.</summary>
    public const int Configuration = 64;

    /// <summary>A data file, a checkpoint or a run's database is wrong; <c>verify</c> found a violation.</summary>
    public const int Data = 65;

    /// <summary>The other side cannot be reached.</summary>
    public const int CannotConnect = 69;

    /// <summary>A bug in this program, or this machine cannot compute (no memory, a library missing).</summary>
    public const int Internal = 70;

    /// <summary>Another learner holds the run.</summary>
    public const int RunHeld = 73;

    /// <summary>Reading or writing failed, or the output of a command that has nothing else to show.</summary>
    public const int InputOutput = 74;

    /// <summary>A connection was lost.</summary>
    public const int ConnectionLost = 75;

    /// <summary>Training diverged and the policy says to stop, or there is nothing to learn from.</summary>
    public const int Diverged = 76;

    /// <summary>The other side does not know this certificate, or this side not the other's.</summary>
    public const int NotLetIn = 77;

    /// <summary>Stopped by SIGHUP, after a checkpoint where there was one to save (128 + 1).</summary>
    public const int HungUp = 129;

    /// <summary>Stopped by SIGINT, likewise (128 + 2).</summary>
    public const int Interrupted = 130;

    /// <summary>Stopped by SIGUSR1, likewise (128 + 10).</summary>
    public const int UserSignal = 138;

    /// <summary>Stopped by SIGTERM, likewise (128 + 15).</summary>
    public const int Terminated = 143;
}
