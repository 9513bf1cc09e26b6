namespace Involute.Actors.Tests.Exploration;

/// <summary>A promise of the protocol that was broken.</summary>
internal sealed class Violation : Exception
{
    public Violation(string message)
        : base(message)
    {
    }

    public Violation(string message, Exception cause)
        : base(message, cause)
    {
    }

    public static void Unless(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new Violation(otherwise);
        }
    }
}
