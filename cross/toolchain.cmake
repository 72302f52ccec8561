# What arm64.cmake and armhf.cmake share. They set FETTLE_ARCHITECTURE (Debian's name), FETTLE_TRIPLET, CMAKE_SYSTEM_PROCESSOR and FETTLE_QEMU.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_LIBRARY_ARCHITECTURE ${FETTLE_TRIPLET})
set(CMAKE_C_COMPILER ${FETTLE_TRIPLET}-gcc)
set(CMAKE_CXX_COMPILER ${FETTLE_TRIPLET}-g++)

# The real path, as the compiler calls it in debug information.
get_filename_component(CMAKE_SYSROOT ${CMAKE_CURRENT_LIST_DIR}/../build/sysroot/${FETTLE_ARCHITECTURE} REALPATH)
if(NOT EXISTS ${CMAKE_SYSROOT}/usr)
  message(FATAL_ERROR "There is no root to build against in ${CMAKE_SYSROOT}. Make it: cross/sysroot ${FETTLE_ARCHITECTURE} ${CMAKE_SYSROOT}")
endif()

set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)

# Otherwise pkg-config answers, without a word, for the machine that builds.
set(ENV{PKG_CONFIG_PATH} "")
set(ENV{PKG_CONFIG_LIBDIR} ${CMAKE_SYSROOT}/usr/lib/${FETTLE_TRIPLET}/pkgconfig:${CMAKE_SYSROOT}/usr/share/pkgconfig)
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${CMAKE_SYSROOT})

set(CMAKE_CROSSCOMPILING_EMULATOR ${FETTLE_QEMU};-L;${CMAKE_SYSROOT})
