namespace Involute.Actors.Wire;

/// <summary>Akka settings that bind our serializer and refuse every type that is bound to none.</summary>
internal static class WireHocon
{
    /// <summary>The settings; they go before anything a user may set.</summary>
    public const string Text =
        """
        akka.actor {
          serializers {
            json = "Involute.Actors.Wire.RefusingSerializer, Involute.Actors"
            involute = "Involute.Actors.Wire.ProtocolSerializer, Involute.Actors"
          }
          serialization-bindings {
            "Involute.Actors.Protocol.IWireMessage, Involute.Actors" = involute
          }
        }
        """;
}
