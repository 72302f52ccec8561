# Sourced by the scripts that start another architecture's programs in a chroot.

emulated=/proc/sys/fs/binfmt_misc
undo=()

# Lets the kernel start the architecture's programs until stop_emulating; most machines with qemu-user-static do so anyway.
emulate() {
  local name
  case $1 in
    "$(dpkg --print-architecture)") return ;;
    arm64) name=qemu-aarch64 ;;
    armhf) name=qemu-arm ;;
  esac
  [[ -e $emulated/register ]] || { mount -t binfmt_misc none "$emulated" && undo=("umount $emulated"); }
  [[ -e $emulated/$name ]] && return
  grep '^:' "/usr/lib/binfmt.d/$name.conf" >"$emulated/register"
  undo=("echo -1 >$emulated/$name" "${undo[@]}")
}

stop_emulating() {
  local step
  for step in "${undo[@]}"; do eval "$step"; done
}
