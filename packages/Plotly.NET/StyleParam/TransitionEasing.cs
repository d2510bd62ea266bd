namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for transition easing.</summary>
    public sealed class TransitionEasing : IStyleValue
    {
        private readonly object json;

        private TransitionEasing(object json) => this.json = json;

        public static TransitionEasing Linear { get; } = new("linear");
        public static TransitionEasing Quad { get; } = new("quad");
        public static TransitionEasing Cubic { get; } = new("cubic");
        public static TransitionEasing Sin { get; } = new("sin");
        public static TransitionEasing Exp { get; } = new("exp");
        public static TransitionEasing Circle { get; } = new("circle");
        public static TransitionEasing Elastic { get; } = new("elastic");
        public static TransitionEasing Back { get; } = new("back");
        public static TransitionEasing Bounce { get; } = new("bounce");
        public static TransitionEasing LinearIn { get; } = new("linear-in");
        public static TransitionEasing QuadIn { get; } = new("quad-in");
        public static TransitionEasing CubicIn { get; } = new("cubic-in");
        public static TransitionEasing SinIn { get; } = new("sin-in");
        public static TransitionEasing ExpIn { get; } = new("exp-in");
        public static TransitionEasing CircleIn { get; } = new("circle-in");
        public static TransitionEasing ElasticIn { get; } = new("elastic-in");
        public static TransitionEasing BackIn { get; } = new("back-in");
        public static TransitionEasing BounceIn { get; } = new("bounce-in");
        public static TransitionEasing LinearOut { get; } = new("linear-out");
        public static TransitionEasing QuadOut { get; } = new("quad-out");
        public static TransitionEasing CubicOut { get; } = new("cubic-out");
        public static TransitionEasing SinOut { get; } = new("sin-out");
        public static TransitionEasing ExpOut { get; } = new("exp-out");
        public static TransitionEasing CircleOut { get; } = new("circle-out");
        public static TransitionEasing ElasticOut { get; } = new("elastic-out");
        public static TransitionEasing BackOut { get; } = new("back-out");
        public static TransitionEasing BounceOut { get; } = new("bounce-out");
        public static TransitionEasing LinearInOut { get; } = new("linear-in-out");
        public static TransitionEasing QuadInOut { get; } = new("quad-in-out");
        public static TransitionEasing CubicInOut { get; } = new("cubic-in-out");
        public static TransitionEasing SinInOut { get; } = new("sin-in-out");
        public static TransitionEasing ExpInOut { get; } = new("exp-in-out");
        public static TransitionEasing CircleInOut { get; } = new("circle-in-out");
        public static TransitionEasing ElasticInOut { get; } = new("elastic-in-out");
        public static TransitionEasing BackInOut { get; } = new("back-in-out");
        public static TransitionEasing BounceInOut { get; } = new("bounce-in-out");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
