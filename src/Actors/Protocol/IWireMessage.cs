using Involute.Runs;

namespace Involute.Actors.Protocol;

/// <summary>A message that may cross a wire; <see cref="WireFormats"/> has its bytes.</summary>
internal interface IWireMessage
{
    /// <summary>Bytes of names, numbers and lengths around a message's vectors; generous.</summary>
    protected internal const long FieldBytes = 1024;

    /// <summary>The run it belongs to; those of other runs are not for us.</summary>
    RunId RunId { get; }

    /// <summary>
    /// About how many bytes it takes on the wire, without writing it: an upper bound for everything but texts of
    /// unusual length.
    /// </summary>
    long WireBytes => FieldBytes;
}
