namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for update menu type.</summary>
    public sealed class UpdateMenuType : IStyleValue
    {
        private readonly object json;

        private UpdateMenuType(object json) => this.json = json;

        public static UpdateMenuType Dropdown { get; } = new("dropdown");
        public static UpdateMenuType Buttons { get; } = new("buttons");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
